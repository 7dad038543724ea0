package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Scenario CALM = Scenario.random(11).with(List.of())
            .with(NetworkModel.reliable(Distribution.constant(1e5)));

    @BeforeAll
    static void quiet() {
        QuietLog.on();
    }

    @Test
    void aJobRunsToItsEnd() {
        final SimulationResult result = Simulation.run(CALM);
        assertEquals("", result.describeViolations());
        assertTrue(result.outcome().success());
        assertEquals(CALM.workload().clocks(), result.stepsMin());
        assertEquals(CALM.workload().clocks(), result.stepsMax());
    }

    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = 0; seed < 20; seed++) {
            final SimulationResult once = Simulation.run(Scenario.random(seed));
            final SimulationResult again = Simulation.run(Scenario.random(seed));
            assertEquals(once.digest(), again.digest(), "seed " + seed);
            assertEquals(once.events(), again.events());
            assertEquals(once.messages(), again.messages());
        }
    }

    @Test
    void anotherSeedIsAnotherRun() {
        assertNotEquals(Simulation.run(CALM).digest(), Simulation.run(new Scenario(12, CALM.shards(), CALM.clients(),
                CALM.workersPerClient(), CALM.workload(), CALM.memory(),
                NetworkModel.reliable(Distribution.exponential(1e5)), CALM.timing(), CALM.schedule(), List.of()))
                .digest());
    }

    @Test
    void listeningChangesNothing() {
        final List<String> lines = new ArrayList<>();
        final SimulationResult heard = Simulation.run(Scenario.random(3), lines::add);
        assertEquals(Simulation.run(Scenario.random(3)).digest(), heard.digest());
        assertTrue(lines.stream().anyMatch(line -> line.contains("client 0 -> coordinator: Join")));
    }
}
