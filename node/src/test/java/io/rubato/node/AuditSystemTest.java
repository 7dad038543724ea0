package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guarantee, read by read, on real processes. */
class AuditSystemTest {
    @ParameterizedTest
    @ValueSource(strings = {"ssp --staleness 2", "ssp --staleness 2 --one-sided off", "essp --staleness 2",
            "vap --value-bound 6", "vap --value-bound 2000000", "pssp --staleness 1 --sample 2 --sampling peers"})
    void everyReadOfEveryProcessKeepsThePromise(final String model) {
        final List<String> arguments = new ArrayList<>(List.of("train", "audit", "--workers", "2", "--threads", "2",
                "--shards", "2", "--clocks", "60", "--json", "-", "--driver", "embedded", "--slow-worker", "rotate:2",
                "--consistency"));
        arguments.addAll(List.of(model.split(" ")));
        final Map<String, Object> json = RunningProgram.json(arguments.toArray(String[]::new));

        assertEquals("audit", json.get("metric"));
        assertEquals(json.get("deltaRowsSent"), json.get("deltaRowsApplied"), json.toString());
        // A hundred reads in each clock and every row at the end; then runs of rows, and rows opened for writing.
        final double planned = 4 * (60 * 100 + 60.0);
        assertTrue((Double) json.get("rowsRead") > planned, json.toString());
        final boolean isOneSided = model.equals("ssp --staleness 2");
        assertEquals(isOneSided, (Double) json.get("oneSidedReads") > 0, json.toString());
        assertEquals(isOneSided, (Double) json.get("oneSidedDeltas") > 0, json.toString());
    }

    /** Whatever a worker throws ends the job and is told. */
    @Test
    void aBrokenPromiseIsAnError() {
        final JobConfig config = JobConfig.of(Map.of("learner", "audit", "data", "", "consistency", "bsp"));
        assertEquals(Consistency.bsp(), config.model().consistency());
        final Violation violation = new Violation(Check.GUARANTEE, "worker 0 sees too little");
        final IllegalStateException thrown =
                assertThrows(IllegalStateException.class, () -> AuditType.fail(violation));
        assertTrue(thrown.getMessage().contains("GUARANTEE"), thrown.getMessage());
    }
}
