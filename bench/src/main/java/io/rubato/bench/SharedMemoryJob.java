package io.rubato.bench;

import io.rubato.JobResult;
import io.rubato.JobStoppedException;
import io.rubato.Learner;
import io.rubato.Table;
import io.rubato.TableSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Runs a learner on threads of this process that share their rows as plain memory: no server, no messages, no caches,
 * no logs. Deltas are added where the row lies, and two threads that add to one row at the same time may lose one of
 * them (Hogwild!, Niu et al. 2011). Workers keep the gate of their tables, since a learner may count on it.
 */
final class SharedMemoryJob implements AutoCloseable {
    private static final long ENDED = Long.MAX_VALUE;

    private final Arena arena = Arena.ofShared();
    private final AtomicLongArray clocks;
    private final Map<String, SharedTable> tables = new HashMap<>();
    private volatile Throwable failure;
    private volatile JobResult result;

    /** A table and its rows. */
    record SharedTable(Table table, MemorySegment memory) {
    }

    /**
     * How a job went.
     *
     * @param result         as the learner concluded it; null if it did not
     * @param items          reported by all workers
     * @param trainSeconds   from the first worker's first clock with items to the last worker's last report of some
     * @param curve          mean loss of each clock with items, over the seconds at which the last worker ended it
     * @param tests          the same of held-out data, of the clocks in which some was reported
     */
    record Report(JobResult result, long items, double trainSeconds, ObjectiveCurve curve,
            ObjectiveCurve tests) {
    }

    private SharedMemoryJob(final int workers) {
        clocks = new AtomicLongArray(workers);
    }

    /**
     * Runs the learner to its end.
     *
     * @throws IllegalStateException if a worker throws
     */
    static Report run(final int workers, final Learner learner) {
        try (SharedMemoryJob job = new SharedMemoryJob(workers)) {
            final List<SharedMemoryWorker> all = new ArrayList<>();
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                final SharedMemoryWorker worker = new SharedMemoryWorker(job, i);
                all.add(worker);
                threads.add(Thread.ofPlatform().name("worker-" + i).start(() -> job.work(worker, learner)));
            }
            for (final Thread thread : threads) {
                thread.join();
            }
            if (job.failure != null) {
                throw new IllegalStateException("a worker failed", job.failure);
            }
            final long start = all.stream().mapToLong(SharedMemoryWorker::trainStartNs).min().orElseThrow();
            final long end = all.stream().mapToLong(SharedMemoryWorker::trainEndNs).max().orElseThrow();
            return report(job.result, all, start, end);
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Report report(final JobResult result, final List<SharedMemoryWorker> workers, final long startNs,
            final long endNs) {
        final int clocks = workers.stream().mapToInt(worker -> worker.clockEnds().size()).min().orElseThrow();
        final double[] seconds = new double[clocks];
        final double[] values = new double[clocks];
        final double[] tests = new double[clocks];
        for (int i = 0; i < clocks; i++) {
            final int clock = i;
            final List<SharedMemoryWorker.ClockEnd> ends =
                    workers.stream().map(worker -> worker.clockEnds().get(clock)).toList();
            seconds[i] = (ends.stream().mapToLong(SharedMemoryWorker.ClockEnd::timeNs).max().orElseThrow() - startNs)
                    / 1e9;
            values[i] = ends.stream().mapToDouble(SharedMemoryWorker.ClockEnd::loss).sum()
                    / ends.stream().mapToLong(SharedMemoryWorker.ClockEnd::items).sum();
            tests[i] = ends.stream().mapToDouble(SharedMemoryWorker.ClockEnd::testLoss).sum()
                    / ends.stream().mapToLong(SharedMemoryWorker.ClockEnd::testSamples).sum();
        }
        final int[] tested = IntStream.range(0, clocks).filter(i -> !Double.isNaN(tests[i])).toArray();
        return new Report(result, workers.stream().mapToLong(SharedMemoryWorker::items).sum(),
                (endNs - startNs) / 1e9, new ObjectiveCurve(seconds, values),
                new ObjectiveCurve(Arrays.stream(tested).mapToDouble(i -> seconds[i]).toArray(),
                        Arrays.stream(tested).mapToDouble(i -> tests[i]).toArray()));
    }

    private void work(final SharedMemoryWorker worker, final Learner learner) {
        try {
            learner.run(worker);
        } catch (final Throwable e) {
            failure = failure == null ? e : failure;
        } finally {
            clocks.set(worker.index(), ENDED);
        }
    }

    int workers() {
        return clocks.length();
    }

    synchronized SharedTable table(final TableSpec spec) {
        return tables.computeIfAbsent(spec.name(), name -> new SharedTable(new Table(tables.size(), spec),
                arena.allocate(spec.rows() * SharedMemoryWorker.stride(spec), 64)));
    }

    void clock(final int worker, final long clock) {
        clocks.set(worker, clock);
    }

    /** Waits until every worker has come to a clock; returns where the slowest is then. */
    long await(final long clock) {
        long minimum;
        while ((minimum = minimum()) < clock) {
            if (failure != null) {
                throw new JobStoppedException("another worker failed");
            }
            Thread.yield();
        }
        return minimum;
    }

    private long minimum() {
        long minimum = ENDED;
        for (int i = 0; i < clocks.length(); i++) {
            minimum = Math.min(minimum, clocks.get(i));
        }
        return minimum;
    }

    void conclude(final JobResult concluded) {
        result = concluded;
    }

    @Override
    public void close() {
        arena.close();
    }
}
