package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that end well, each with all its processes. */
class TrainSystemTest {
    private static final Path DATA = Path.of(dataFolder());

    @TempDir
    private Path folder;
    private Path ratings;

    private static String dataFolder() {
        final String configured = System.getProperty("rubato.data", "");
        return configured.isEmpty() ? "../../shared/data" : configured;
    }

    @BeforeEach
    void writeRatings() throws IOException {
        ratings = folder.resolve("ratings.tsv");
        PlantedRatings.generate(new PlantedRatings.Shape(300, 200, 20_000, 2, 0.5, 1)).write(ratings);
    }

    /** The learner itself adds up an i64 table and fails if its totals are not exact. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 8})
    void nobodyRunsFurtherAheadThanTheBoundAndNoDeltaIsLost(final int staleness) {
        final Map<String, Object> json =
                train("--workers", "3", "--shards", "2", "--staleness", Integer.toString(staleness),
                        "--clocks", "20", "--work-per-clock", "0.1", "--slow-worker", "1:15", "--rank", "4");

        final double gap = (Double) json.get("maxClockGap");
        assertTrue(gap <= staleness && gap >= Math.min(1, staleness), json.toString());
        assertTrue((Double) json.get("deltaRowsSent") > 0, json.toString());
        assertEquals(json.get("deltaRowsSent"), json.get("deltaRowsApplied"), json.toString());
        assertEquals(0.0, json.get("badMessages"), json.toString());
        final Map<?, ?> histogram = (Map<?, ?>) json.get("stalenessHistogram");
        assertTrue(histogram.keySet().stream().allMatch(key -> Long.parseLong((String) key) >= -staleness),
                json.toString());
    }

    @Test
    void udpTrainsAsWellAsIpc() {
        final double ipc = (Double) train("--clocks", "40").get("test");
        final double udp = (Double) train("--clocks", "40", "--transport", "udp").get("test");

        assertEquals(ipc, udp, 0.03 * ipc);
    }

    @Test
    void rowsInBf16TrainAsWellOnAlmostHalfTheBytes() {
        final Map<String, Object> exact = train("--clocks", "40", "--one-sided", "off");
        final Map<String, Object> rounded = train("--clocks", "40", "--one-sided", "off", "--wire", "bf16");

        assertEquals("exact", exact.get("wire"));
        assertEquals("bf16", rounded.get("wire"));
        assertEquals((Double) exact.get("test"), (Double) rounded.get("test"), 0.03 * (Double) exact.get("test"));
        final double bytes = (Double) rounded.get("bytesSent") / (Double) exact.get("bytesSent");
        assertTrue(bytes < 0.7, "bytes in bf16 to bytes exactly: " + bytes);
        assertEquals(rounded.get("deltaRowsSent"), rounded.get("deltaRowsApplied"), rounded.toString());
    }

    @Test
    void writesAModelAndOneObjectAndNothingElse() {
        try (RunningProgram program =
                RunningProgram.start(arguments("--clocks", "4", "--threads", "2", "--driver", "embedded",
                        "--store", folder.resolve("rows").toString()))) {
            program.awaitExit(0);

            final Map<String, Object> json = Json.parse(program.out());
            assertEquals(4, ((List<?>) json.get("perWorker")).size(), json.toString());
            assertEquals(4, ((List<?>) json.get("objective")).size(), json.toString());
            assertEquals(4.0, json.get("clocks"));
            final Map<?, ?> pids = (Map<?, ?>) json.get("pids");
            assertEquals(pids.get("coordinator"), pids.get("driver"));
            assertEquals(2, ((List<?>) pids.get("workers")).size());
            assertTrue(Files.exists(Path.of((String) json.get("model"), "model.json")), json.toString());
            assertEquals(0, folder.resolve("rows").toFile().list().length);
            assertFalse(program.err().contains("WARNING"), program.err());
            assertFalse(program.err().contains("shard 0:"), program.err());
            assertTrue(program.err().contains("staleness of the rows read"), program.err());
        }
    }

    @Test
    void trainsWithThreadsThatNeverPark() {
        final Map<String, Object> json = train("--clocks", "10", "--idle", "yield");

        assertEquals(json.get("deltaRowsSent"), json.get("deltaRowsApplied"), json.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp"})
    void oneProcessHostsSeveralShards(final String transport) {
        final Map<String, Object> json = train("--shards", "5", "--shard-processes", "2", "--clocks", "20",
                "--one-sided", "off", "--transport", transport);

        final List<?> shards = (List<?>) ((Map<?, ?>) json.get("pids")).get("shards");
        assertEquals(List.of(2, 3), shards.stream().distinct()
                .map(pid -> (int) shards.stream().filter(pid::equals).count()).sorted().toList(), json.toString());
        assertEquals(json.get("deltaRowsSent"), json.get("deltaRowsApplied"), json.toString());
    }

    @Test
    void aStragglerThatIsWaitedForIsNamed() {
        try (RunningProgram program =
                RunningProgram.start(arguments("--clocks", "2", "--staleness", "0", "--slow-worker", "1:3000"))) {
            program.awaitExit(0);

            assertTrue(program.err().lines().anyMatch(line -> line.matches("worker 0 .*waited.* for worker 1.*")),
                    program.err());
        }
    }

    @Test
    void theDemoFindsThePlantedModel() {
        try (RunningProgram program = RunningProgram.start("demo")) {
            program.awaitExit(0);

            assertTrue(program.out().contains("the planted model was found"), program.out());
            assertTrue(program.err().contains("seed 1"), program.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"movietweetings-100k.tsv.gz", "ml-latest-small.tsv.gz"})
    void factorsPredictRealRatingsBetterThanBiasesAlone(final String name) {
        ratings = DATA.resolve("ratings").resolve(name);
        assumeTrue(Files.exists(ratings), ratings + " is not there");

        final double factors = (Double) train("--shards", "2").get("test");
        final double biases = (Double) train("--shards", "2", "--rank", "0").get("test");

        assertTrue(factors < biases, factors + " is not below " + biases);
    }

    private Map<String, Object> train(final String... options) {
        return RunningProgram.json(arguments(options));
    }

    private String[] arguments(final String... options) {
        final List<String> arguments = new ArrayList<>(List.of("train", "mf", "--data", ratings.toString(), "--out",
                folder.resolve("model").toString(), "--json", "-"));
        return Stream.concat(arguments.stream(), Stream.of(options)).toArray(String[]::new);
    }
}
