package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the models compare when many workers run for a fixed virtual time. */
class ModelsTest {
    private static final int WORKERS = 60;

    private static SimulationResult run(final Consistency consistency) {
        final SimulationResult result = Simulation.run(Scenario.plain(3, WORKERS / 2, 2, consistency, 40));
        assertEquals("", result.describeViolations());
        assertTrue(result.outcome().success());
        return result;
    }

    /** Who read and did what at which clock, and how old it was. Two answers to one client may swap places. */
    private static List<String> decisions(final Consistency consistency) {
        final List<String> decisions = new ArrayList<>();
        Simulation.run(Scenario.plain(3, WORKERS / 2, 2, consistency, 40), line -> {
            if (line.contains(" reads row ") || line.contains(" is at clock ")) {
                decisions.add(line.substring(line.indexOf("worker")));
            }
        });
        decisions.sort(null);
        return decisions;
    }

    @Test
    void aSampleOfAllOthersDecidesAsAllDo() {
        assertEquals(decisions(Consistency.bsp()), decisions(Consistency.pbsp(WORKERS - 1)));
        assertEquals(decisions(Consistency.ssp(3)), decisions(Consistency.pssp(3, WORKERS - 1)));
        assertNotEquals(decisions(Consistency.ssp(3)), decisions(Consistency.pssp(3, WORKERS - 2)));
    }

    @Test
    void aSampleOfNobodyDecidesAsAspDoes() {
        assertEquals(run(Consistency.asp()).digest(), run(Consistency.pbsp(0)).digest());
        assertEquals(run(Consistency.asp()).digest(), run(Consistency.pssp(3, 0)).digest());
    }

    @Test
    void theLooserTheGateTheMoreSteps() {
        final double bsp = run(Consistency.bsp()).stepsMean();
        final double ssp = run(Consistency.ssp(2)).stepsMean();
        final double pbsp = run(Consistency.pbsp(2)).stepsMean();
        final double pssp = run(Consistency.pssp(2, 2)).stepsMean();
        final double asp = run(Consistency.asp()).stepsMean();
        final String all = bsp + " " + ssp + " " + pbsp + " " + pssp + " " + asp;
        assertTrue(bsp < pbsp && bsp < ssp && ssp < pssp && pbsp < pssp && pssp <= asp, all);
    }

    @Test
    void aStepCostsAsManyMessagesAsClocksAreAskedFor() {
        assertEquals(WORKERS - 1, run(Consistency.bsp()).barrierMessagesPerStep());
        assertEquals(0, run(Consistency.asp()).barrierMessagesPerStep());
        assertEquals(5, run(Consistency.pssp(2, 5)).barrierMessagesPerStep());
        final SimulationResult peers = run(Consistency.pssp(2, 5).with(Consistency.Sampling.PEERS));
        assertTrue(peers.barrierMessagesPerStep() > 0 && peers.barrierMessagesPerStep() < 5,
                "peers whose clock is known are not asked: " + peers.barrierMessagesPerStep());
        assertEquals(peers.messages().get("ClockRequest").sent(),
                Math.round(peers.barrierMessagesPerStep() * peers.stepsMean() * WORKERS));
    }

    @Test
    void aThousandWorkersAreManyButNotTooMany() {
        final SimulationResult result = Simulation.run(Scenario.plain(1, 1_000, 1, Consistency.pssp(4, 10), 3));
        assertEquals("", result.describeViolations());
        assertTrue(result.outcome().success());
        assertEquals(3, result.virtualSeconds(), 0.001);
        assertEquals(2.5, result.stepsMean(), 0.5);
    }
}
