package io.rubato.node;

import io.rubato.Consistency;
import io.rubato.simulator.SimulationResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** Random scenarios, one seed after the other, on all cores. */
final class SeedSweep {
    private static final int TOLD = 5;
    private static final long TELL_NS = TimeUnit.SECONDS.toNanos(5);

    private final long from;
    private final long to;
    private final LongFunction<SimulationResult> simulation;
    private final PrintWriter progress;
    private final Map<Consistency.Model, Long> models = new EnumMap<>(Consistency.Model.class);
    private final List<String> broken = new ArrayList<>();
    private final long startNs = System.nanoTime();
    private long toldNs = startNs;
    private long endedWell;
    private long failed;
    private long threw;
    private long breaking;

    /**
     * Of a range.
     *
     * @param simulation runs the scenario of a seed
     * @param progress   hears how far it is
     */
    SeedSweep(final long from, final long to, final LongFunction<SimulationResult> simulation,
            final PrintWriter progress) {
        this.from = from;
        this.to = to;
        this.simulation = simulation;
        this.progress = progress;
    }

    /**
     * Runs all.
     *
     * @return whether no seed breaks anything
     */
    boolean run() {
        Cores.forEach(from, to, this::run);
        return breaking == 0;
    }

    private void run(final long seed) {
        final SimulationResult result;
        try {
            result = simulation.apply(seed);
        } catch (final RuntimeException | Error e) {
            thrown(seed, e);
            return;
        }
        add(result);
    }

    private synchronized void thrown(final long seed, final Throwable e) {
        threw++;
        broken("seed " + seed + " throws " + e + "\nsee it again with: scripts/rubato simulate --replay " + seed);
        tell();
    }

    private synchronized void add(final SimulationResult result) {
        result.scenario().workload().tables().stream().map(table -> table.consistency().model()).distinct()
                .forEach(model -> models.merge(model, 1L, Long::sum));
        if (result.outcome() != null && result.outcome().success()) {
            endedWell++;
        } else {
            failed++;
        }
        if (result.violationCount() > 0) {
            broken(result.describeViolations());
        }
        tell();
    }

    private void broken(final String description) {
        breaking++;
        if (broken.size() < TOLD) {
            broken.add(description);
            progress.println(description);
        }
    }

    private void tell() {
        final long now = System.nanoTime();
        if (now - toldNs >= TELL_NS) {
            toldNs = now;
            final long done = endedWell + failed + threw;
            progress.println(Text.of("%,d of %,d seeds, %,.0f per second, %d broken", done, to - from + 1,
                    done / ((now - startNs) / 1e9), breaking));
        }
    }

    /** Lines without line ends. */
    synchronized List<String> lines() {
        final List<String> lines = new ArrayList<>();
        lines.add(Text.of("seeds %d to %d in %.1f s: %,d jobs ended well, %,d were ended by a fault", from,
                to, (System.nanoTime() - startNs) / 1e9, endedWell, failed));
        lines.add("  scenarios with a table under "
                + models.entrySet().stream().map(model -> model.getKey().label() + ": " + model.getValue())
                        .collect(Collectors.joining(", ")));
        lines.add("  seeds that break something: " + breaking);
        lines.addAll(broken);
        return lines;
    }
}
