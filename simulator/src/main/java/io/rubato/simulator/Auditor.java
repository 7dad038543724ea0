package io.rubato.simulator;

import io.rubato.Consistency;
import io.rubato.Row;
import io.rubato.simulator.check.AuditObserver;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Promise;
import io.rubato.simulator.check.WholeNumbers;
import io.rubato.simulator.check.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Stands beside all workers of a simulation: lets their computing take virtual time, and checks reads with the
 * knowledge of what everybody has done so far.
 */
final class Auditor implements AuditObserver {
    private final Scenario scenario;
    private final Workload workload;
    private final SimulatedTime time;
    private final Trace trace;
    private final Violations violations;
    private final Progress progress;
    private final SplittableRandom[] randoms;
    private final double[] slowness;
    private final SimulatedWorker[] workers;
    private final WorkerClocks clocks;
    private final AddedRows added;
    private Cluster cluster;
    private final TreeMap<Long, Long> stalenessHistogram = new TreeMap<>();
    private long firstBeginNs = Long.MAX_VALUE;
    private long lastEndNs;

    Auditor(final Scenario scenario, final SimulatedTime time, final Trace trace, final Violations violations,
            final Progress progress, final SplittableRandom random) {
        this.scenario = scenario;
        this.workload = scenario.workload();
        this.time = time;
        this.trace = trace;
        this.violations = violations;
        this.progress = progress;
        this.workers = new SimulatedWorker[scenario.workers()];
        this.clocks = new WorkerClocks(workers.length);
        this.randoms = new SplittableRandom[workers.length];
        Arrays.setAll(randoms, i -> random.split());
        this.slowness = new double[workers.length];
        Arrays.fill(slowness, 1);
        for (final Fault fault : scenario.faults()) {
            if (fault instanceof Fault.SlowWorker(final int worker, final double factor)) {
                slowness[worker] *= factor;
            }
        }
        this.added = new AddedRows(workload, workers.length, violations);
    }

    /** Before the first worker begins. */
    void watches(final Cluster all) {
        cluster = all;
    }

    void add(final SimulatedWorker worker) {
        workers[worker.index()] = worker;
    }

    SimulatedWorker worker(final int index) {
        return workers[index];
    }

    WorkerClocks clocks() {
        return clocks;
    }

    AddedRows added() {
        return added;
    }

    SortedMap<Long, Long> stalenessHistogram() {
        return stalenessHistogram;
    }

    /** From the first worker's first moment to the last one's last, or until time was up. */
    double trainingSeconds() {
        final long ns = firstBeginNs == Long.MAX_VALUE ? 0 : lastEndNs - firstBeginNs;
        return (scenario.timing().durationNs() > 0 ? Math.min(ns, scenario.timing().durationNs()) : ns) / 1e9;
    }

    @Override
    public void begins(final int worker) {
        firstBeginNs = Math.min(firstBeginNs, time.now());
        lastEndNs = Math.max(lastEndNs, time.now());
        progress.made();
    }

    @Override
    public boolean isOver(final int worker) {
        final long duration = scenario.timing().durationNs();
        return duration > 0 && time.now() - firstBeginNs >= duration;
    }

    @Override
    public void computes(final int worker, final long clock, final int slice) {
        final SplittableRandom random = randoms[worker];
        double ns = scenario.timing().computing().draw(random) * slowness[worker] / workload.slices();
        if (slice == 0) {
            ns += sleep(worker, clock, random);
        }
        workers[worker].compute((long) ns);
        progress.made();
    }

    private long sleep(final int worker, final long clock, final SplittableRandom random) {
        long ns = 0;
        for (final Fault fault : scenario.faults()) {
            if (fault instanceof Fault.RandomSleeps(final double probability, final Distribution length)
                    && random.nextDouble() < probability) {
                ns += length.draw(random);
            } else if (fault instanceof Fault.RotatingStraggler(final long lengthNs)
                    && clock % workers.length == worker) {
                ns += lengthNs;
            }
        }
        return ns;
    }

    @Override
    public void adding(final int worker, final int table, final long row, final int column, final long delta) {
        added.adding(table, row, column, delta);
    }

    @Override
    public void added(final int worker, final int table, final long row, final int column, final long delta) {
        progress.made();
        added.added(table, row, column, delta, clocks.of(worker));
    }

    @Override
    public void read(final int worker, final long clock, final int table, final Row row, final int staleness) {
        progress.made();
        stalenessHistogram.merge(row.minimumClock() - clock, 1L, Long::sum);
        trace.event(3, worker, row.id() << 32 ^ row.minimumClock());
        if (trace.isListening()) {
            trace.line("worker " + worker + " at clock " + clock + " reads row " + row.id() + " of table "
                    + workload.tables().get(table).name() + ": image clock " + row.minimumClock());
        }
        checkGap(worker, clock, table, staleness);
        for (int column = 0; column < row.columns(); column++) {
            added.check(table, row.id(), column, WholeNumbers.get(workload.tables().get(table), row, column), worker,
                    clock);
        }
        cluster.checkCaches(worker, table);
    }

    private void checkGap(final int worker, final long clock, final int table, final int staleness) {
        final Consistency consistency = workload.tables().get(table).consistency();
        final long least = Promise.ofAll(consistency, staleness, clock, workers.length);
        if (clocks.minimum() < least) {
            violations.report(Check.CLOCK_GAP,
                    "worker " + worker + " at clock " + clock + " reads under " + consistency
                            + (staleness == Promise.TABLE_BOUND ? "" : " with bound " + staleness) + " while worker "
                            + clocks.slowest() + " is at clock " + clocks.minimum());
        }
        final int sample = Promise.sample(consistency, staleness, workers.length);
        final long k = Promise.ofSome(consistency, clock);
        if (sample > 0 && clocks.reached(k) - 1 < sample) {
            violations.report(Check.CLOCK_GAP, "worker " + worker + " at clock " + clock + " reads under " + consistency
                    + " while only " + (clocks.reached(k) - 1) + " others have reached clock " + k);
        }
    }

    @Override
    public void clocked(final int worker, final long clock) {
        progress.made();
        lastEndNs = Math.max(lastEndNs, time.now());
        clocks.advance(worker, clock);
        trace.event(4, worker, clock);
        if (trace.isListening()) {
            trace.line("worker " + worker + " is at clock " + clock);
        }
    }

    @Override
    public void ends(final int worker) {
        progress.made();
        lastEndNs = Math.max(lastEndNs, time.now());
        clocks.retire(worker);
    }

    /** One sentence per blocked worker, of the first few. */
    List<String> blocked() {
        return Arrays.stream(workers).filter(w -> w != null && w.isBlocked()).limit(5)
                .map(w -> "worker " + w.index() + " (clock " + clocks.of(w.index()) + ") is blocked since "
                        + w.blockedSinceNs() / 1e9 + " s")
                .toList();
    }
}
