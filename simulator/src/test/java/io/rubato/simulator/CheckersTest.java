package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Learner;
import io.rubato.Outcome;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.coordinator.JobReport;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Promise;
import io.rubato.simulator.check.Workload;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Things that no honest engine does, told to the checkers that know all workers. */
class CheckersTest {
    private final SimulatedTime time = new SimulatedTime();
    private final Violations violations = new Violations(time, new Trace(time, null));

    @BeforeAll
    static void quiet() {
        QuietLog.on();
    }

    private static Scenario scenario(final Consistency consistency) {
        final TableSpec table = new TableSpec("t", 4, 2, ElementType.I64, consistency);
        return Scenario.plain(1, 2, 1, consistency, 1)
                .with(new Workload(1, List.of(table), 4, 1, 0, 0, 0, 0.5, 1, 0, 0, 1, false));
    }

    private static Map<Check, Long> run(final Scenario scenario, final Function<Simulation, Learner> learner) {
        return Simulation.run(scenario, null, learner).violationCounts();
    }

    private void expect(final Check check, final int times) {
        assertEquals(Map.of(check, (long) times), violations.counts());
    }

    @Test
    void moreThanWasAddedIsInvented() {
        final AddedRows added = new AddedRows(scenario(Consistency.asp()).workload(), 2, violations);
        added.adding(0, 3, 1, 10);
        added.check(0, 3, 1, 10, 0, 0);
        assertEquals(Map.of(), violations.counts());
        added.check(0, 3, 1, 11, 0, 0);
        expect(Check.INVENTED, 1);
    }

    @Test
    void aReaderThatMissesMoreThanTheBoundIsNoticed() {
        final AddedRows added = new AddedRows(scenario(Consistency.decayingVap(20)).workload(), 2,
                violations);
        add(added, 15, 0);
        add(added, 4, 0);
        added.check(0, 3, 1, 0, 0, 0);
        assertEquals(Map.of(), violations.counts());
        add(added, 2, 3);
        // 20 / sqrt(4) is less than the largest delta, so that counts.
        added.check(0, 3, 1, 6, 0, 0);
        assertEquals(Map.of(), violations.counts());
        added.check(0, 3, 1, 5, 0, 0);
        expect(Check.VALUE_BOUND, 1);
    }

    private static void add(final AddedRows added, final long delta, final long clock) {
        added.adding(0, 3, 1, delta);
        added.added(0, 3, 1, delta, clock);
    }

    @Test
    void aReaderTooFarAheadIsNoticed() {
        assertEquals(Map.of(Check.CLOCK_GAP, 1L), run(scenario(Consistency.ssp(2)), ahead(3)));
        assertEquals(Map.of(), run(scenario(Consistency.ssp(2)), ahead(2)));
        assertEquals(Map.of(), run(scenario(Consistency.asp()), ahead(3)));
        assertEquals(Map.of(Check.CLOCK_GAP, 1L), run(scenario(Consistency.pssp(2, 1)), ahead(3)));
    }

    /** Worker 0 says that a read returned to it at a clock, while worker 1 is at 0. */
    private static Function<Simulation, Learner> ahead(final long clock) {
        return simulation -> worker -> {
            final Table table = worker.createTable(simulation.scenario().workload().tables().getFirst());
            final Row row = worker.get(table, 0);
            if (worker.index() == 0) {
                simulation.auditor().read(0, clock, 0, row, Promise.TABLE_BOUND);
            }
        };
    }

    @Test
    void rowsThatDoNotAddUpAreNoticed() {
        final Scenario scenario = scenario(Consistency.bsp());
        new Aftermath(scenario, violations).checkRows((table, row, column) -> row, (table, row, column) -> row);
        assertEquals(Map.of(), violations.counts());
        new Aftermath(scenario, violations).checkRows((table, row, column) -> row == 2 ? 7 : 0,
                (table, row, column) -> 0);
        expect(Check.CONSERVATION, 2);
    }

    private static JobReport report(final long sent, final long applied, final long gap) {
        return new JobReport(null, List.of(), 1, 1, 1, sent, applied, 0, gap, 0, 0, 0, 0, List.of(), List.of(),
                List.of());
    }

    @Test
    void booksThatDoNotBalanceAreNoticed() {
        new Aftermath(scenario(Consistency.bsp()), violations).checkReport(report(5, 5, 0));
        assertEquals(Map.of(), violations.counts());
        new Aftermath(scenario(Consistency.bsp()), violations).checkReport(report(5, 4, 0));
        expect(Check.BOOKS, 1);
    }

    @Test
    void aReportedGapBeyondTheBoundIsNoticed() {
        new Aftermath(scenario(Consistency.ssp(2)), violations).checkReport(report(5, 5, 2));
        new Aftermath(scenario(Consistency.asp()), violations).checkReport(report(5, 5, 100));
        assertEquals(Map.of(), violations.counts());
        new Aftermath(scenario(Consistency.ssp(2)), violations).checkReport(report(5, 5, 3));
        expect(Check.REPORTED_GAP, 1);
    }

    @Test
    void aFullCacheIsNotAnOverfullOne() {
        final Scenario scenario = scenario(Consistency.bsp());
        final long rows = scenario.memory().workerCacheBytes() / 16;
        assertNull(Cluster.cacheExcess(scenario, 0, rows, rows));
        assertNotNull(Cluster.cacheExcess(scenario, 0, rows + 1, rows));
        assertNotNull(Cluster.cacheExcess(scenario, 0, rows, rows + 1));
    }

    @Test
    void aWorkerThatNeverGoesOnIsNamed() {
        final SimulationResult result = Simulation.run(scenario(Consistency.bsp()), null, simulation -> worker -> {
            final Table table = worker.createTable(simulation.scenario().workload().tables().getFirst());
            if (worker.index() == 1) {
                while (true) {
                    Coroutine.suspend();
                }
            }
            worker.clock();
            simulation.auditor().clocked(0, 1);
            worker.get(table, 0);
        });
        assertEquals(Map.of(Check.DEADLOCK, 1L), result.violationCounts());
        final String message = result.violations().getFirst().message();
        assertTrue(message.contains("slowest is worker 1 at clock 0") && message.contains("waited"), message);
        assertTrue(result.describeViolations().contains("scripts/rubato simulate --replay 1"));
    }

    @Test
    void anythingThrownIsAnError() {
        final SimulationResult result = Simulation.run(scenario(Consistency.bsp()), null, simulation -> worker -> {
            throw new ArithmeticException("here");
        });
        assertEquals(Set.of(Check.ERROR, Check.OUTCOME), result.violationCounts().keySet());
        assertTrue(result.outcome().reason().contains("here"));
    }

    private Scenario with(final Fault... faults) {
        return scenario(Consistency.bsp()).with(List.of(faults));
    }

    private boolean objects(final Scenario scenario, final String reason, final double seconds) {
        final Violations own = new Violations(time, new Trace(time, null));
        new Aftermath(scenario, own).checkOutcome(new Outcome(false, reason), (long) (seconds * 1e9));
        return own.counts().containsKey(Check.OUTCOME);
    }

    @Test
    void aFailureNamesWhoWasLostAndComesInTime() {
        final long second = 1_000_000_000L;
        assertTrue(objects(with(), "client 1 (pid 3) has been silent for 10 s", 12));
        final Scenario death = with(new Fault.Death(NodeId.client(1), second));
        assertFalse(objects(death, "client 1 (pid 3) has been silent for 10 s", 12));
        assertTrue(objects(death, "client 11 (pid 3) has been silent for 10 s", 12));
        assertTrue(objects(death, "client 1 (pid 3) has been silent for 10 s", 0.5));
        assertTrue(objects(death, "client 1 (pid 3) has been silent for 10 s", 15));
        final Scenario both = with(new Fault.Death(NodeId.client(1), second),
                new Fault.Pause(NodeId.COORDINATOR, second, 3 * second));
        assertFalse(objects(both, "client 1 (pid 3) has been silent for 10 s", 15));
        assertTrue(objects(both, "client 1 (pid 3) has been silent for 10 s", 18));
        final Scenario pause = with(new Fault.Pause(NodeId.shard(0), second, 2 * second));
        assertTrue(objects(pause, "shard 0 (pid 3) has been silent for 10 s", 12));
        final Scenario partition = with(new Fault.Partition(Set.of(NodeId.COORDINATOR, NodeId.shard(0)),
                Set.of(NodeId.client(0)), 0, 20 * second));
        assertFalse(objects(partition, "client 0 (pid 3) has been silent for 10 s", 12));
        assertTrue(objects(partition, "shard 0 (pid 3) has been silent for 10 s", 12));
        assertTrue(objects(with(new Fault.Partition(Set.of(NodeId.shard(0)), Set.of(NodeId.client(0)), 0,
                20 * second)), "client 0 (pid 3) has been silent for 10 s", 12));
    }
}
