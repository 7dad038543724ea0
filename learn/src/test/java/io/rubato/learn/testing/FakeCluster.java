package io.rubato.learn.testing;

import io.rubato.JobResult;
import io.rubato.JobStoppedException;
import io.rubato.Learner;
import io.rubato.Table;
import io.rubato.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A job in memory that shows every read the least that its consistency allows: all deltas stamped less than c-s, none
 * later but the reader's own. So a run of several workers is as stale as can be, and repeats exactly. Under ASP a
 * worker sees nothing of the others until it asks for a bound.
 */
public final class FakeCluster implements Cluster {
    private final List<FakeWorker> workers = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private final List<Long> samples = new ArrayList<>();
    /** Sums of losses and their number, by number of the report. */
    private final Map<Integer, double[]> tests = new HashMap<>();
    private JobResult result;
    private Throwable failure;

    /**
     * A job, not yet run.
     *
     * @param workers at least 1
     */
    public FakeCluster(final int workers) {
        for (int i = 0; i < workers; i++) {
            this.workers.add(new FakeWorker(this, i, workers));
        }
    }

    @Override
    public JobResult run(final Learner learner) throws Exception {
        final List<Thread> threads = workers.stream()
                .map(worker -> Thread.ofPlatform().start(() -> run(learner, worker)))
                .toList();
        for (final Thread thread : threads) {
            thread.join();
        }
        if (failure instanceof Exception exception) {
            throw exception;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return result;
    }

    /**
     * Mean loss of each report, over all workers.
     *
     * @return one per clock with a report
     */
    public double[] objective() {
        final double[] objective = new double[losses.size()];
        for (int i = 0; i < objective.length; i++) {
            objective[i] = losses.get(i) / samples.get(i);
        }
        return objective;
    }

    /**
     * Mean loss on held-out data, over all workers.
     *
     * @return by number of the report it was part of, from 0
     */
    public SortedMap<Integer, Double> tests() {
        final SortedMap<Integer, Double> means = new TreeMap<>();
        tests.forEach((clock, sum) -> means.put(clock, sum[0] / sum[1]));
        return means;
    }

    private void run(final Learner learner, final FakeWorker worker) {
        try {
            learner.run(worker);
            worker.leave();
        } catch (final Throwable e) {
            fail(e);
        }
    }

    private synchronized void fail(final Throwable e) {
        if (failure == null) {
            failure = e;
        }
        notifyAll();
    }

    synchronized Table createTable(final TableSpec spec) {
        for (final Table table : tables) {
            if (table.spec().name().equals(spec.name())) {
                if (!table.spec().equals(spec)) {
                    throw new IllegalArgumentException("table " + spec.name() + " exists with another shape");
                }
                return table;
            }
        }
        tables.add(new Table(tables.size(), spec));
        return tables.getLast();
    }

    /** Waits until every worker has reached a clock, and adds what they made before it. */
    synchronized void merge(final FakeTable into, final long clock) {
        while (workers.stream().anyMatch(worker -> worker.published < clock)) {
            if (failure != null) {
                throw new JobStoppedException("another worker failed");
            }
            try {
                wait();
            } catch (final InterruptedException e) {
                throw new JobStoppedException("interrupted");
            }
        }
        for (long stamp = into.merged; stamp < clock; stamp++) {
            for (final FakeWorker worker : workers) {
                worker.addTo(into, stamp);
            }
        }
    }

    synchronized void publish(final FakeWorker worker, final long clock) {
        worker.published = clock;
        notifyAll();
    }

    synchronized void report(final int clock, final double loss, final long count) {
        while (losses.size() <= clock) {
            losses.add(0.0);
            samples.add(0L);
        }
        losses.set(clock, losses.get(clock) + loss);
        samples.set(clock, samples.get(clock) + count);
    }

    synchronized void reportTest(final int clock, final double loss, final long count) {
        tests.merge(clock, new double[] {loss, count}, (a, b) -> new double[] {a[0] + b[0], a[1] + b[1]});
    }

    synchronized void conclude(final JobResult outcome) {
        if (result != null) {
            throw new IllegalStateException("concluded twice");
        }
        result = outcome;
    }
}
