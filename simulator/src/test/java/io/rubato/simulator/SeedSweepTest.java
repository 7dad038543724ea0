package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random small hostile jobs under every model. {@code -Drubato.seeds=100000 -Drubato.firstSeed=0} sweeps longer; one
 * simulation per thread, as many threads as processors.
 */
class SeedSweepTest {
    private static final long SEEDS = Long.getLong("rubato.seeds", 2_000);
    private static final long FIRST = Long.getLong("rubato.firstSeed", 0);
    private static final int TOLD = 5;

    private final AtomicLong next = new AtomicLong(FIRST);
    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    private final Set<Consistency.Model> models = ConcurrentHashMap.newKeySet();
    private final AtomicLong oneSidedReads = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    @BeforeAll
    static void quiet() {
        QuietLog.on();
    }

    @Test
    void noSeedBreaksAnything() throws InterruptedException {
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().start(this::sweep));
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals("", String.join("\n\n", broken));
        assertEquals(SEEDS, ended.get() + failed.get());
        if (SEEDS >= 500) {
            assertEquals(Set.of(Consistency.Model.values()), models);
            assertTrue(oneSidedReads.get() > 10 * SEEDS, oneSidedReads + " one-sided reads");
            assertTrue(runs.get() > SEEDS, runs + " messages with deltas in shared memory");
            assertTrue(failed.get() > 0 && ended.get() > failed.get(), ended + " ended well, " + failed + " failed");
        }
    }

    private void sweep() {
        long seed;
        while ((seed = next.getAndIncrement()) < FIRST + SEEDS && broken.size() < TOLD) {
            try {
                run(seed);
            } catch (final Throwable e) {
                broken.add("seed " + seed + " threw " + e + " at " + List.of(e.getStackTrace()));
            }
        }
    }

    private void run(final long seed) {
        final SimulationResult result = Simulation.run(Scenario.random(seed));
        if (result.violationCount() > 0) {
            broken.add(result.describeViolations());
        }
        result.scenario().workload().tables().forEach(table -> models.add(table.consistency().model()));
        if (result.report() != null) {
            result.report().workers().forEach(worker -> oneSidedReads.addAndGet(worker.oneSidedReads()));
        }
        runs.addAndGet(result.messages().containsKey("DeltaRun") ? result.messages().get("DeltaRun").sent() : 0);
        (result.outcome() != null && result.outcome().success() ? ended : failed).incrementAndGet();
    }
}
