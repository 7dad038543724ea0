package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.learn.mf.MfOptions;
import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MfCommandTest {
    private static final Path DATA = Path.of("ratings.tsv");

    @TempDir
    private Path directory;

    @Test
    void theLearnerComesNearTheNoiseFloorWithoutAParameterServer() throws IOException {
        final Path data = directory.resolve("ratings.tsv");
        final PlantedRatings planted =
                PlantedRatings.generate(new PlantedRatings.Shape(300, 200, 20_000, 0, 0.5, 1));
        planted.write(data);
        final Path test = directory.resolve("test.tsv");
        Files.write(test, Files.readAllLines(data).subList(0, 2_000));
        final MfRun run = BareRole.train(data, test, directory.resolve("model"),
                new MfArguments(List.of("--rank", "0", "--clocks", "80")));
        assertEquals(planted.noiseFloor(), run.testRmse(), 0.05);
        assertEquals(0.25 * 80 * 20_000, run.ratingsPerSecond() * run.trainSeconds(), 10_000);
        assertEquals(4, run.tests().values().length);
        assertEquals(run.curve().seconds()[39], run.tests().seconds()[1]);
        assertEquals(run.testRmse(), run.tests().last(), 0.02);
        assertEquals(20, run.passesTo(run.tests().last()), 15.1);
        assertTrue(run.trainSeconds() > 0 && run.seconds() > run.trainSeconds(), run.toString());
        assertEquals(80, run.curve().values().length);
        assertTrue(run.curve().last() < run.curve().first(), run.toString());
        assertEquals(run.trainSeconds(), run.curve().seconds()[79], 1e-6);
        assertEquals(run.toMap(), MfRun.of(run.toMap()).toMap());
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
        final MfArguments arguments = new MfArguments(List.of("--staleness", "4", "--learning-rate", "0.5", "--threads",
                "3", "--transport", "udp"));
        assertEquals(6, arguments.workers());
        assertEquals(List.of("--rank", "32", "--workers", "2", "--shards", "1", "--consistency", "ssp", "--staleness",
                "4", "--learning-rate", "0.5", "--threads", "3", "--transport", "udp"), arguments.ofTrain());
        assertEquals(new MfOptions(DATA, null, MfOptions.DEFAULT_TEST_FRACTION, 1, 32, 0.5f,
                MfOptions.DEFAULT_REGULARIZATION, MfOptions.DEFAULT_WORK_PER_CLOCK, MfOptions.DEFAULT_CLOCKS,
                Consistency.ssp(4), null, Encoding.EXACT, 20),
                arguments.ofLearner(DATA, null, null));
        assertEquals(Consistency.bsp(),
                new MfArguments(List.of("--consistency", "bsp")).ofLearner(DATA, null, null).consistency());
    }

    @Test
    void ranksAndWorkersReplaceThoseOfTheOptions() {
        final MfArguments arguments = new MfArguments(List.of("--rank", "3", "--threads", "2")).with(16, 4);
        assertEquals(16, arguments.ofLearner(DATA, null, null).rank());
        assertEquals(8, arguments.workers());
    }

    private static MfRun run(final double ratingsPerSecond, final double... values) {
        final double[] seconds = new double[values.length];
        Arrays.setAll(seconds, i -> i + 1);
        final ObjectiveCurve curve = new ObjectiveCurve(seconds, values);
        return new MfRun(ratingsPerSecond, 0.5, 9, values.length, 3, curve, curve, 2);
    }

    @Test
    void aComparisonTellsOverheadAndTimeToATarget() {
        final MfComparison comparison = new MfComparison(32, 2, List.of(run(60, 16, 9, 4, 1)),
                List.of(run(80, 16, 8, 4, 2)));
        assertEquals(0.25, comparison.overhead());
        assertEquals(0.25, comparison.lateOverhead(), 1e-12);
        assertEquals(57e6, comparison.libmf());
        assertEquals(2 * MfComparison.ABOVE_THE_BEST, comparison.commonTarget(), 1e-12);
        // Between the third test, 4, and the fourth, 1; tests are two passes apart.
        final MfRun trained = comparison.trained().getFirst();
        assertEquals(3 + 2 / 3.0, trained.secondsTo(2), 1e-12);
        assertEquals(2 * (3 + 2 / 3.0), trained.passesTo(2), 1e-12);
        assertTrue(Double.isNaN(trained.passesTo(0.5)));
        assertTrue(Double.isNaN(new MfComparison(32, 1, comparison.trained(), comparison.bare()).libmf()));
    }

    @Test
    void theLateRateIsThatOfTheSecondHalf() {
        final MfRun run = new MfRun(10, 0.5, 9, 8, 3,
                new ObjectiveCurve(new double[] {4, 6, 7, 8}, new double[] {4, 3, 2, 1}), null, 1);
        assertEquals(20, run.lateRatingsPerSecond());
    }

    @Test
    void theProgramsResultIsRead() throws IOException {
        final Path json = directory.resolve("result.json");
        Files.writeString(json, """
                {"learner": "mf", "seconds": 9.5, "trainSeconds": 2, "test": 0.51, "itemsPerSecond": 1.25e7,
                 "objective": [{"clock": 1, "seconds": 1, "value": 7, "test": null},
                               {"clock": 2, "seconds": 1.5, "value": 6, "test": 0.5625}],
                 "firstClockSeconds": 4, "pids": {"seconds": 3}}
                """);
        final MfRun run = MfRun.of(TrainResult.read(json), new MfArguments(List.of("--clocks", "2")));
        assertEquals(0.75, run.tests().last());
        assertEquals(1.5, run.secondsTo(0.75));
        assertEquals(0.5, run.passesTo(0.75));
        assertEquals(1.25e7, run.ratingsPerSecond());
        assertEquals(0.51, run.testRmse());
        assertEquals(4, run.firstClockSeconds());
        assertEquals(7, run.curve().first());
    }

    @Test
    void theMedianOfEachMeasureIsItsOwn() {
        final ObjectiveCurve curve = new ObjectiveCurve(new double[] {1}, new double[] {1});
        final MfRun a = new MfRun(1, 30, 5, 8, 1, curve, curve, 1);
        final MfRun b = new MfRun(2, 10, 5, 9, 2, curve, curve, 1);
        final MfRun c = new MfRun(3, 20, 6, 7, 4, curve, curve, 1);
        assertEquals(new MfRun(2, 20, 5, 8, 2, curve, curve, 1), MfRun.median(List.of(c, a, b)));
        assertEquals(new MfRun(1.5, 20, 5, 8.5, 1.5, curve, curve, 1), MfRun.median(List.of(a, b)));
    }
}
