package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.node.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetTest {
    @TempDir
    private Path directory;

    @Test
    void theMedianOfTheRatiosIsJudged() {
        final Samples beside = Samples.of(1, 1, 2);
        assertTrue(Budget.atMost("a", "a", "ns", Samples.of(1.2, 9, 2), beside, 1.3).isMet());
        assertFalse(Budget.atMost("a", "a", "ns", Samples.of(1.4, 9, 2), beside, 1.3).isMet());
        assertTrue(Budget.atLeast("a", "a", "ns", Samples.of(0.7, 0.1, 2), beside, 0.7).isMet());
        assertFalse(Budget.atLeast("a", "a", "ns", Samples.of(0.6, 0.1, 2), beside, 0.7).isMet());
        assertTrue(Budget.atMost("a", "a", "B", Samples.of(0, 0, 8), null, 0.005).isMet());
        assertFalse(Budget.atMost("a", "a", "B", Samples.of(0, 8, 8), null, 0.005).isMet());
    }

    @Test
    void aMissedBudgetIsAFailureAndOneThatWasNotMeasuredIsNot() {
        final Budget met = Budget.atMost("m", "kept", "ns", Samples.of(1), Samples.of(1), 1.3);
        final Budget open = Budget.notMeasured("o", "left out", 1, false, "nothing to measure");
        final Budget missed = Budget.atMost("x", "not kept", "ns", Samples.of(2), Samples.of(1), 1.3);
        final Report report = Report.to(null);
        assertEquals(0, BudgetsCommand.judge(report, List.of(met, open)));
        assertEquals(1, BudgetsCommand.judge(report, List.of(met, open, missed)));
        final List<?> json = (List<?>) report.figures().get("budgets");
        assertEquals(List.of("met", "not measured", "missed"),
                json.stream().map(each -> ((Map<?, ?>) each).get("verdict")).toList());
        assertEquals("not measured: nothing to measure", open.verdict());
    }

    @Test
    void microBenchmarksTakeTurnsInAnotherJvm() {
        try (Child child = Child.start("turns", List.of(), List.of("turns"))) {
            final Map<String, Double> cached = child.ask("cached-read", 2, 100);
            assertTrue(cached.get("first") > 0 && cached.get("total") > 0, cached.toString());
            assertTrue(child.ask("apply", 2).get("second") > 0);
        }
    }

    @Test
    void onlyWhatIsAskedForIsMeasured() throws IOException {
        final Path json = directory.resolve("budgets.json");
        // Whether it is met is not the question here.
        assertNotEquals(2, BenchProgram.run("budgets", "--quick", "--only", "apply", "--json", json.toString()));
        assertTrue(Files.readString(json).contains("\"apply\""));
        assertFalse(Files.readString(json).contains("\"lda\""));
    }

    @Test
    void randomVisitsOfASmallSlabAreMeasured() {
        assertEquals(0, BenchProgram.run("random", "--rows", "100", "--visits", "1", "--repeats", "1"));
    }

    @Test
    void libmfIsTimedByRunsOfDifferentLength() throws IOException, InterruptedException {
        final Path script = directory.resolve("mf-train");
        // Takes as long as iterations say: the sixth word.
        Files.writeString(script, "#!/bin/sh\n[ \"$9\" = data ] && [ \"$6\" -gt 0 ] && i=$(($6 * 1000))\n"
                + "while [ $i -gt 0 ]; do i=$((i - 1)); done\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        final LibmfProgram program = new LibmfProgram(script, Path.of("data"), Path.of("test"), 32, 2);
        assertTrue(program.ratingsPerSecond(1000) > 0);
    }

    @Test
    void libmfTellsItsTestErrors() throws IOException, InterruptedException {
        final Path script = directory.resolve("mf-train");
        Files.writeString(script, "#!/bin/sh\n[ \"$9 ${10}\" = '-p test' ] || exit 1\n"
                + "echo 'iter      tr_rmse      va_rmse          obj'\n"
                + "echo '   0       1.3243       1.1937   1.9862e+06'\necho '   1       0.8062       0.5   1e+06'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        final LibmfProgram program = new LibmfProgram(script, Path.of("data"), Path.of("test"), 32, 2);
        final ObjectiveCurve tests = program.tests(2);
        assertEquals(0.5, tests.least());
        assertEquals(2, tests.reaches(0.5));
        final FailureException e = assertThrows(FailureException.class, () -> program.tests(3));
        assertTrue(e.getMessage().endsWith("told 2 errors of 3"), e.getMessage());
    }

    @Test
    void growthIsAPowerLaw() {
        final List<Double> sizes = List.of(1.0, 10.0, 100.0);
        assertEquals(1, Growth.exponent(sizes, List.of(3.0, 30.0, 300.0)), 1e-12);
        assertEquals(0, Growth.exponent(sizes, List.of(5.0, 5.0, 5.0)), 1e-12);
        assertEquals(2, Growth.exponent(sizes, List.of(1.0, 100.0, 10_000.0)), 1e-12);
        assertEquals("linear", Growth.word(1.1));
        assertEquals("constant", Growth.word(-0.1));
        assertEquals("n^0.5", Growth.word(0.5));
        assertEquals("-", Growth.word(Growth.exponent(List.of(0.0, 1.0), List.of(1.0, 2.0))));
    }

    @Test
    void aTableIsNarrowedUntilItFits() {
        final ScalePoint base = new ScalePoint(1, 128, 1, 1, 0);
        assertEquals(128, base.withRows(1000, 4L << 30).columns());
        assertEquals(107, base.withRows(10_000_000, 4L << 30).columns());
        assertEquals(1, base.withRows(10_000_000, 1).columns());
    }

    @Test
    void everyAxisIsMeasured() throws IOException {
        final Path json = directory.resolve("scale.json");
        assertEquals(0,
                BenchProgram.run("scale", "--rows", "100", "--shards", "2", "--workers", "2", "--staleness", "1",
                        "--readers", "2", "--columns", "8", "--batch", "50", "--clocks", "2", "--json",
                        json.toString()));
        for (final String axis : new String[] {"rows", "shards", "workers", "staleness", "readers"}) {
            assertTrue(Files.readString(json).contains("\"" + axis + "\" : ["), axis);
        }
    }
}
