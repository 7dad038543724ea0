package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.Consistency.Propagation;
import io.rubato.Consistency.Sampling;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.client.ClientMemory;
import io.rubato.simulator.check.Workload;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where nothing gets lost nobody may wait for a timer: what is repeated after 200 ms, 500 ms, 1 s or 2 s repairs
 * losses, and would hide a forgotten answer.
 */
class NoTimerTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int WORKERS = 4;
    private static final int CLOCKS = 40;

    @BeforeAll
    static void quiet() {
        QuietLog.on();
    }

    static Stream<Consistency> models() {
        return Stream.of(Consistency.bsp(), Consistency.ssp(2), Consistency.essp(2), Consistency.asp(),
                Consistency.asp().with(Propagation.PUSH), Consistency.vap(1 << 18), Consistency.decayingVap(1 << 20),
                Consistency.pbsp(1), Consistency.pssp(2, 1), Consistency.pssp(1, 2).with(Propagation.PUSH),
                Consistency.pbsp(2).with(Sampling.PEERS), Consistency.pssp(2, 2).with(Sampling.PEERS),
                Consistency.dssp(0, 3), Consistency.dssp(1, 2).with(Propagation.PUSH));
    }

    /** 40 clocks of 10 ms, 15 ms more for one of four workers in turn, messages of 0.1 ms: 0.55 s and a bit. */
    @ParameterizedTest
    @MethodSource("models")
    void withoutLossesNothingTakesLong(final Consistency consistency) {
        final TableSpec table = new TableSpec("t", 6, WORKERS, ElementType.I64, consistency);
        for (final boolean assist : new boolean[] {false, true}) {
            final Scenario scenario = new Scenario(1, 2, 2, WORKERS / 2,
                    new Workload(1, List.of(table), CLOCKS, 4, 0.3, 3, 0.3, 0.3, 2, 0, 0, 2, true),
                    new ClientMemory(1 << 16, 1 << 16, 1 << 16), NetworkModel.reliable(Distribution.constant(0.1 * MS)),
                    new Scenario.Timing(Distribution.constant(10 * MS), 0, 2_000 * MS, 25 * MS, MS / 50),
                    new Scenario.Schedule(0, 0, false, assist), List.of(new Fault.RotatingStraggler(15 * MS)));
            final SimulationResult result = Simulation.run(scenario);
            assertEquals("", result.describeViolations());
            assertTrue(result.virtualSeconds() < 0.7, consistency + " took " + result.virtualSeconds() + " s");
        }
    }
}
