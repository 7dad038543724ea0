package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings under the collector that collects nothing, with a heap that garbage would fill. */
class ZeroGarbageSystemTest {
    private static final int ITEMS = 1_000;
    private static final int FEW_CLOCKS = 1_000;
    private static final int MANY_CLOCKS = 3_000;
    /**
     * What code that is seldom run, and so is compiled late or never, may take in the further clocks. In these a shard
     * applies four million rows, and a worker reads and changes two million: an object for each would be 32 MB at
     * least.
     */
    private static final long MOST_FURTHER_KB = 12 << 10;
    private static final Pattern HEAP_AT_EXIT =
            Pattern.compile("(shard|worker process) (\\d): .*committed, (\\d+)K .* used");

    @TempDir
    private Path folder;
    private Path ratings;
    private Path flags;

    @BeforeEach
    void prepare() throws IOException {
        ratings = folder.resolve("ratings.tsv");
        PlantedRatings.generate(new PlantedRatings.Shape(500, ITEMS, 40_000, 2, 0.5, 1)).write(ratings);
        final Path given = Path.of(System.getProperty(JvmCommand.OPTIONS_FILE));
        final List<String> lines = new ArrayList<>(Files.readAllLines(given));
        assertTrue(lines.remove("-XX:+UseSerialGC"), lines.toString());
        lines.addAll(List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC", "-Xmx128m", "-Xlog:gc:stderr"));
        flags = folder.resolve("jvm.options");
        Files.write(flags, lines);
        Files.copy(given.resolveSibling(JvmCommand.WORKER_OPTIONS), folder.resolve(JvmCommand.WORKER_OPTIONS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssp", "essp"})
    void trainingMakesNoGarbage(final String consistency) {
        final Map<String, Long> few = heapsAfter(FEW_CLOCKS, consistency);
        final Map<String, Long> many = heapsAfter(MANY_CLOCKS, consistency);

        assertEquals(3, many.size(), many.toString());
        many.forEach((process, kilobytes) -> assertTrue(kilobytes - few.get(process) < MOST_FURTHER_KB,
                process + ": " + few.get(process) + " KB after " + FEW_CLOCKS + " clocks, " + kilobytes + " KB after "
                        + MANY_CLOCKS));
    }

    /** Kilobytes by process. */
    private Map<String, Long> heapsAfter(final int clocks, final String consistency) {
        try (RunningProgram program = RunningProgram.start(flags, "train", "mf", "--data", ratings.toString(), "--rank",
                "4", "--out", folder.resolve("model").toString(), "--work-per-clock", "1", "--consistency", consistency,
                "--clocks", Integer.toString(clocks))) {
            program.awaitExit(0);
            final Map<String, Long> heaps = new HashMap<>();
            program.err().lines().forEach(line -> {
                final Matcher heap = HEAP_AT_EXIT.matcher(line);
                if (heap.find()) {
                    heaps.put(heap.group(1) + " " + heap.group(2), Long.parseLong(heap.group(3)));
                }
            });
            return heaps;
        }
    }
}
