package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.simulator.Scenario;
import io.rubato.simulator.Simulation;
import io.rubato.simulator.SimulationResult;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Violation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Seeds that break something are counted and told. */
class SeedSweepTest {
    private static final SimulationResult WELL = Simulation.run(Scenario.random(1));

    private final StringWriter progress = new StringWriter();

    private static SimulationResult broken() {
        return new SimulationResult(WELL.scenario(), WELL.outcome(), WELL.virtualSeconds(), WELL.steps(),
                WELL.barrierMessagesPerStep(), WELL.waitFraction(), WELL.messages(), WELL.stalenessHistogram(),
                WELL.report(), List.of(new Violation(Check.GUARANTEE, "planted")), Map.of(Check.GUARANTEE, 1L),
                WELL.digest(), WELL.events());
    }

    @Test
    void aViolationIsTold() {
        final SeedSweep sweep =
                new SeedSweep(1, 9, seed -> seed == 5 ? broken() : WELL, new PrintWriter(progress, true));

        assertFalse(sweep.run());
        final String told = String.join("\n", sweep.lines());
        assertTrue(told.contains("GUARANTEE: planted"), told);
        assertTrue(told.contains("seeds that break something: 1"), told);
        assertTrue(progress.toString().contains("scripts/rubato simulate --replay 1"), progress::toString);
    }

    @Test
    void whatIsThrownIsToldAndTheOthersGoOn() {
        final SeedSweep sweep = new SeedSweep(1, 4, seed -> {
            if (seed == 3) {
                throw new IllegalStateException("planted");
            }
            return WELL;
        }, new PrintWriter(progress, true));

        assertFalse(sweep.run());
        final String told = String.join("\n", sweep.lines());
        assertTrue(told.contains("seed 3 throws java.lang.IllegalStateException: planted"), told);
        assertTrue(told.contains("3 jobs ended well") || told.contains("3 were ended by a fault"), told);
    }

    @Test
    void aViolationOfOneRunComesWithItsCommand() {
        final List<String> lines = SimulationText.violations(broken(), "scripts/rubato simulate --seed 1 --trace");

        assertEquals(List.of("seed 1 breaks GUARANTEE=1:", "  GUARANTEE: planted",
                "see it again with: scripts/rubato simulate --seed 1 --trace"), lines);
        assertEquals(List.of(), SimulationText.violations(WELL, "any"));
    }
}
