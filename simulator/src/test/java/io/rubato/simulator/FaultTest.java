package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.client.ClientMemory;
import io.rubato.simulator.check.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of fault does what it says, and the engine what it promises then. */
class FaultTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LIVENESS_NS = 2_000 * MS;
    private static final int CLOCKS = 40;
    private static final int WORKERS = 3;

    @BeforeAll
    static void quiet() {
        QuietLog.on();
    }

    /** Two shards, three workers, 10 ms of computing per clock: about 0.4 s in all. */
    private static Scenario scenario(final Consistency consistency, final Fault... faults) {
        final TableSpec table = new TableSpec("t", 6, WORKERS, ElementType.I64, consistency);
        return new Scenario(1, 2, WORKERS, 1,
                new Workload(1, List.of(table), CLOCKS, 2, 0, 0, 0, 0.3, 2, 0, 0, 1, true),
                new ClientMemory(1 << 16, 1 << 16, 1 << 16), NetworkModel.reliable(Distribution.constant(0.1 * MS)),
                new Scenario.Timing(Distribution.constant(10 * MS), 0, LIVENESS_NS, 25 * MS, MS / 50),
                Scenario.Schedule.FAIR, List.of(faults));
    }

    private static SimulationResult run(final Fault... faults) {
        final SimulationResult result = Simulation.run(scenario(Consistency.ssp(2), faults));
        assertEquals("", result.describeViolations());
        return result;
    }

    private static double seconds(final Consistency consistency, final Fault... faults) {
        final SimulationResult result = Simulation.run(scenario(consistency, faults));
        assertEquals("", result.describeViolations());
        assertTrue(result.outcome().success());
        return result.virtualSeconds();
    }

    private static NodeId node(final String name) {
        return switch (name) {
            case "coordinator" -> NodeId.COORDINATOR;
            case "shard 1" -> NodeId.shard(1);
            default -> NodeId.client(2);
        };
    }

    @Test
    void withoutFaultsItTakesTheComputingAndLittleMore() {
        assertEquals(0.4, run().virtualSeconds(), 0.02);
    }

    @Test
    void oneSlowWorkerHoldsBackAll() {
        final SimulationResult result = run(new Fault.SlowWorker(1, 3));
        assertEquals(1.2, result.virtualSeconds(), 0.06);
        assertTrue(result.waitFraction() > 0.3, "two of three wait: " + result.waitFraction());
    }

    @Test
    void aSlackAbsorbsASmallerSleep() {
        final Fault straggler = new Fault.RotatingStraggler(15 * MS);
        final double bsp = seconds(Consistency.bsp(), straggler);
        final double ssp = seconds(Consistency.ssp(3), straggler);
        assertEquals(0.4 + CLOCKS * 0.015, bsp, 0.05);
        assertEquals(0.4 + CLOCKS * 0.015 / WORKERS, ssp, 0.05);
    }

    @Test
    void sleepsCostTime() {
        final double often = seconds(Consistency.bsp(), new Fault.RandomSleeps(1, Distribution.constant(5 * MS)));
        assertEquals(0.4 + CLOCKS * 0.005, often, 0.02);
        final double seldom = seconds(Consistency.bsp(), new Fault.RandomSleeps(0.1, Distribution.constant(5 * MS)));
        assertTrue(seldom > 0.41 && seldom < often - 0.05, "slept " + seldom);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coordinator", "shard 1", "client 2"})
    void aPauseThatIsShortEnoughOnlyDelays(final String name) {
        final SimulationResult result = run(new Fault.Pause(node(name), 100 * MS, LIVENESS_NS / 2));
        assertTrue(result.outcome().success());
        assertEquals(CLOCKS, result.stepsMin());
        if (!name.equals("coordinator")) {
            assertTrue(result.virtualSeconds() > 1.2, "paused: " + result.virtualSeconds());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shard 1", "client 2"})
    void aPauseThatIsTooLongEndsTheJob(final String name) {
        final SimulationResult result = run(new Fault.Pause(node(name), 100 * MS, 3 * LIVENESS_NS));
        assertFalse(result.outcome().success());
        assertTrue(result.outcome().reason().startsWith(name + " "), result.outcome().reason());
    }

    @ParameterizedTest
    @CsvSource({"coordinator,the coordinator has been silent", "shard 1,shard 1 ", "client 2,client 2 "})
    void aDeathEndsTheJobForAll(final String name, final String told) {
        final List<String> lines = new ArrayList<>();
        final SimulationResult result =
                Simulation.run(scenario(Consistency.ssp(2), new Fault.Death(node(name), 100 * MS)), lines::add);
        assertEquals("", result.describeViolations());
        assertFalse(result.outcome().success());
        assertTrue(result.outcome().reason().contains(told), result.outcome().reason());
        // Nobody needs the coordinator to go on, only to end.
        assertTrue(result.stepsMin() > 5 && (name.equals("coordinator") || result.stepsMax() < 20),
                "clocks: " + result.stepsMax());
        assertTrue(lines.stream().anyMatch(line -> line.contains(name + " DIES")));
    }

    private static Fault partition(final long lengthNs, final NodeId... apart) {
        final Set<NodeId> left = Set.of(apart);
        final List<NodeId> others = new ArrayList<>(List.of(NodeId.COORDINATOR, NodeId.shard(0), NodeId.shard(1),
                NodeId.client(0), NodeId.client(1), NodeId.client(2)));
        others.removeAll(left);
        return new Fault.Partition(left, Set.copyOf(others), 100 * MS, 100 * MS + lengthNs);
    }

    @Test
    void aPartitionThatHealsInTimeOnlyDelays() {
        final SimulationResult result = run(partition(LIVENESS_NS / 2, NodeId.shard(1), NodeId.client(0)));
        assertTrue(result.outcome().success());
        assertTrue(result.messages().get("DeltaBatch").lost() > 0);
        assertTrue(result.virtualSeconds() > 1.2, "cut off: " + result.virtualSeconds());
    }

    @Test
    void aPartitionThatDoesNotEndsTheJob() {
        final SimulationResult result = run(partition(3 * LIVENESS_NS, NodeId.shard(1), NodeId.client(0)));
        assertFalse(result.outcome().success());
        assertTrue(result.outcome().reason().matches("(shard 1|client 0) .*silent.*"), result.outcome().reason());
    }

    @Test
    void aPartitionThatTheCoordinatorDoesNotFeelIsWaitedFor() {
        final SimulationResult result = run(new Fault.Partition(Set.of(NodeId.shard(1)), Set.of(NodeId.client(0)),
                100 * MS, 100 * MS + 5 * LIVENESS_NS));
        assertTrue(result.outcome().success(), result.outcome().reason());
        assertTrue(result.virtualSeconds() > 10, "waited: " + result.virtualSeconds());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, WORKERS})
    void nothingHappensToNobody(final int index) {
        for (final Fault fault : List.of(new Fault.SlowWorker(index, 2), new Fault.Death(NodeId.client(index), 0),
                new Fault.Pause(NodeId.shard(index), 0, 1))) {
            assertThrows(IllegalArgumentException.class, () -> scenario(Consistency.bsp(), fault), fault.toString());
        }
    }

    @Test
    void lossAndCopiesAreRepaired() {
        final SimulationResult result = Simulation.run(scenario(Consistency.essp(2))
                .with(NetworkModel.reliable(Distribution.exponential(0.5 * MS)).with(0.1, 0.2)));
        assertEquals("", result.describeViolations());
        assertTrue(result.outcome().success());
        assertTrue(result.messages().get("DeltaBatch").lost() > 0 && result.report().duplicates() > 0);
    }
}
