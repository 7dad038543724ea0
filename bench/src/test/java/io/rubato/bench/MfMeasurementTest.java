package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.learn.mf.MfOptions;
import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MfMeasurementTest {
    private static final Path DATA = Path.of("ratings.tsv");

    @TempDir
    private Path directory;

    @Test
    void theLearnerComesNearTheNoiseFloorWithoutAParameterServer() throws IOException {
        final Path data = directory.resolve("ratings.tsv");
        final PlantedRatings planted =
                PlantedRatings.generate(new PlantedRatings.Shape(300, 200, 20_000, 0, 0.5, 1));
        planted.write(data);
        final MfRun run = MfMeasurement.bare(new MfArguments("--rank", "0", "--clocks", "80"), data);
        assertEquals(planted.noiseFloor(), run.testRmse(), 0.05);
        assertEquals(0.25 * 80 * 18_000, run.ratingsPerSecond() * run.trainSeconds(), 10_000);
        assertTrue(run.trainSeconds() > 0 && run.seconds() > run.trainSeconds(), run.toString());
    }

    @Test
    void aFailedWorkerEndsTheJobOfAllOfThem() {
        final IllegalStateException e = assertThrows(IllegalStateException.class, () -> SharedMemoryJob.run(2,
                worker -> {
                    if (worker.index() == 1) {
                        throw new IOException("the second fails");
                    }
                    worker.clock();
                    worker.get(worker.createTable(new TableSpec("rows", 1, 1, ElementType.F32,
                            Consistency.bsp())), 0);
                }));
        assertEquals("the second fails", e.getCause().getMessage());
    }

    @Test
    void optionsReachProgramAndLearnerAlike() {
        final MfArguments arguments = new MfArguments("--runs", "5", "--staleness", "4", "--learning-rate", "0.5",
                "--threads", "3", "--transport", "udp");
        assertEquals(5, arguments.runs());
        assertEquals(6, arguments.workers());
        assertEquals(List.of("--rank", "32", "--workers", "2", "--shards", "1", "--consistency", "ssp", "--staleness",
                "4", "--learning-rate", "0.5", "--threads", "3", "--transport", "udp"), arguments.ofTrain());
        assertEquals(new MfOptions(DATA, null, MfOptions.DEFAULT_TEST_FRACTION, 1, 32, 0.5f,
                MfOptions.DEFAULT_REGULARIZATION, MfOptions.DEFAULT_WORK_PER_CLOCK, MfOptions.DEFAULT_CLOCKS,
                Consistency.ssp(4), null),
                arguments.ofLearner(DATA));
        assertEquals(Consistency.bsp(),
                new MfArguments("--consistency", "bsp").ofLearner(DATA).consistency());
    }

    @Test
    void wrongUsageIsRefused() {
        for (final String[] wrong : new String[][] {{"--runs", "0"}, {"--runs", "many"}, {"--runs"},
                {"--json", "file"}, {"rank", "3"}}) {
            assertThrows(IllegalArgumentException.class, () -> new MfArguments(wrong), String.join(" ", wrong));
        }
    }

    @Test
    void theResultOfTheProgramIsRead() throws IOException {
        final Path json = directory.resolve("result.json");
        Files.writeString(json, """
                {"learner": "mf", "seconds": 9.5, "trainSeconds": 2, "objective": [{"seconds": 1, "test": 7}],
                 "test": 0.51, "itemsPerSecond": 1.25e7, "pids": {"seconds": 3}}
                """);
        assertEquals(new MfRun(1.25e7, 0.51, 9.5, 2), MfRun.read(json));
        Files.writeString(json, "{\"seconds\": 9.5, \"test\": null}");
        assertThrows(IOException.class, () -> MfRun.read(json));
    }

    @Test
    void theMedianOfEachMeasureIsItsOwn() {
        final MfRun a = new MfRun(1, 30, 5, 8);
        final MfRun b = new MfRun(2, 10, 5, 9);
        final MfRun c = new MfRun(3, 20, 6, 7);
        assertEquals(new MfRun(2, 20, 5, 8), MfRun.median(List.of(c, a, b)));
        assertEquals(new MfRun(1.5, 20, 5, 8.5), MfRun.median(List.of(a, b)));
    }
}
