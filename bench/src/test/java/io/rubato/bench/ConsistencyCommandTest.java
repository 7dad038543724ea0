package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConsistencyCommandTest {
    @TempDir
    private Path directory;

    @Test
    void theResultOfTheProgramIsRead() throws IOException {
        final Path json = directory.resolve("result.json");
        Files.writeString(json, """
                {"test": 0.5, "model": null, "objective": [{"clock": 1, "seconds": 1, "value": 8},
                 {"clock": 2, "seconds": 3, "value": 4}, {"clock": 3, "seconds": 4, "value": 2}],
                 "perWorker": [{}, {"tables": [{"name": "users", "stalenessHistogram": {}},
                 {"name": "items", "stalenessHistogram": {"-3": 1, "0": 3}}]}]}
                """);
        final TrainResult result = TrainResult.read(json);
        assertEquals(0.5, result.number("test"));
        assertEquals(Map.of(3, 1L, 0, 3L), result.staleness(1, "items").reads());
        assertEquals(4, result.objective(1).values()[1]);
        assertEquals(6, result.objective(2).first());
        assertEquals(3, result.objective(2).last());
        assertThrows(IllegalArgumentException.class, () -> result.objective(4));
    }

    @Test
    void aHistogramKnowsItsMeanAndItsFreshEnd() {
        final Histogram histogram = Histogram.of(Map.of("-3", 2.0, "-1", 1.0, "0", 1.0));
        assertEquals(7 / 4.0, histogram.meanLag());
        assertEquals(0.5, histogram.shareUpTo(1));
        assertEquals(0.5, histogram.share(3));
        assertEquals(0, new Histogram().meanLag());
    }

    @Test
    void modelsAreComparedAtAnObjectiveThatAllReach() {
        final TimeToObjective times = new TimeToObjective(0.5);
        times.add(run("bsp", 1, new double[] {1, 2, 4}, new double[] {9, 5, 1}));
        times.add(run("absp", 2, new double[] {1, 2}, new double[] {8, 3}));
        assertEquals(6, times.objective());
        assertEquals(1.75, times.seconds(times.runs().getFirst()));
        assertEquals(1, times.ratio(times.runs().getFirst()));
        assertEquals(1.4 / 1.75, times.ratio(times.runs().getLast()), 1e-12);
        assertEquals(2000, times.millisPerClock(times.runs().getFirst()));
        assertEquals(500, times.millisPerClock(times.runs().getLast()));
        assertEquals(0.25, times.paceRatio(times.runs().getLast()));
        assertTrue(times.lines().getFirst().contains("6.0000"), times.lines().toString());
        assertTrue(times.lines().get(2).contains("0.80"), times.lines().toString());
    }

    private static TimeToObjective.Run run(final String model, final int merged, final double[] seconds,
            final double[] values) {
        return new TimeToObjective.Run(model, merged, 4, 1, 0.5, new ObjectiveCurve(seconds, values));
    }

    @Test
    void pullAndPushStandSideBySide() {
        final Histogram fresh = Histogram.of(Map.of("0", 3.0, "-1", 1.0));
        final Histogram stale = Histogram.of(Map.of("-3", 4.0));
        final List<String> lines = new StalenessComparison(3, new StalenessComparison.Reads(stale, stale),
                new StalenessComparison.Reads(fresh, stale)).lines();
        assertEquals("          -3    100.0 %      0.0 %    100.0 %    100.0 %    100.0 %     50.0 %", lines.get(2));
        assertEquals("    mean lag       3.00       0.25       3.00       3.00       3.00       1.63", lines.get(5));
        assertEquals("    lag <= 1      0.0 %    100.0 %      0.0 %      0.0 %      0.0 %     50.0 %", lines.get(6));
    }

    @Test
    void optionsReachTheProgram() {
        final ConsistencyArguments arguments = CommandLine.populateCommand(new ConsistencyArguments(),
                "--rotate-clocks", "40", "--rank", "4", "--rotate", "5");
        arguments.check();
        final String common = "--workers 3 --shards 1 --rank 4 --learning-rate 0.002 --work-per-clock 0.25 --seed 1";
        final List<String> model = List.of("--consistency", "bsp");
        assertEquals(common + " --clocks 40 --slow-worker rotate:5 --consistency bsp",
                String.join(" ", arguments.ofRotating(model)));
        assertEquals(common + " --clocks 120 --slow-worker 1:30 --consistency bsp",
                String.join(" ", arguments.ofSlow(model, 1)));
    }
}
