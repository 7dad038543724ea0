package io.rubato.coordinator;

import io.rubato.clock.VectorClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Adds up the workers' clock reports, and knows who waits for whom. */
final class JobProgress {
    private static final long WORTH_TELLING_NS = TimeUnit.MILLISECONDS.toNanos(300);

    /** A worker that is farther ahead than this is left out of the objective. */
    private static final int MAX_LEAD = 1 << 20;

    private final long[] reportedClock;
    private final long[] clock;
    private final long[] waitNanos;
    private final int[] waitShard;
    private final int[] waitSlowest;
    private final Consumer<ClockProgress> listener;
    private final List<ClockProgress> done = new ArrayList<>();
    private final List<Sums> open = new ArrayList<>();
    private long completeClock;
    private long items;
    private boolean started;
    private long trainStartNs;
    private long trainEndNs;

    /** Of one clock. */
    private static final class Sums {
        private final Sum train = new Sum();
        private final Sum test = new Sum();
    }

    private static final class Sum {
        private double loss;
        private long samples;

        void add(final double lossSum, final long sampleCount) {
            loss += lossSum;
            samples += sampleCount;
        }

        /** NaN without samples. */
        double mean() {
            return loss / samples;
        }
    }

    JobProgress(final int workers, final Consumer<ClockProgress> listener) {
        this.listener = listener;
        reportedClock = new long[workers];
        clock = new long[workers];
        waitNanos = new long[workers];
        waitShard = new int[workers];
        waitSlowest = new int[workers];
    }

    void onReport(final int worker, final long ended, final long itemCount, final long samples, final double loss,
            final long testSamples, final double testLoss, final long nanos, final long nowNs) {
        if (itemCount > 0) {
            final long began = nowNs - nanos;
            trainStartNs = started ? Math.min(trainStartNs, began) : began;
            started = true;
            trainEndNs = nowNs;
            items += itemCount;
        }
        if (ended <= completeClock || ended - completeClock > MAX_LEAD) {
            return;
        }
        while (open.size() < ended - completeClock) {
            open.add(new Sums());
        }
        final Sums sums = open.get((int) (ended - completeClock) - 1);
        sums.train.add(loss, samples);
        sums.test.add(testLoss, testSamples);
        reportedClock[worker] = Math.max(reportedClock[worker], ended);
        complete(nowNs);
    }

    /** The worker will report no more. */
    void onRetired(final int worker, final long nowNs) {
        if (reportedClock[worker] != VectorClock.RETIRED) {
            reportedClock[worker] = VectorClock.RETIRED;
            waitNanos[worker] = 0;
            complete(nowNs);
        }
    }

    private void complete(final long nowNs) {
        int completed = 0;
        while (completed < open.size() && hasEveryoneReported(completeClock + 1)) {
            final Sums sums = open.get(completed++);
            completeClock++;
            if (sums.train.samples > 0) {
                final ClockProgress progress = new ClockProgress(completeClock, seconds(trainStartNs, nowNs),
                        sums.train.mean(), sums.test.mean(), items, items / Math.max(1e-9, trainSeconds()));
                done.add(progress);
                listener.accept(progress);
            }
        }
        open.subList(0, completed).clear();
    }

    private boolean hasEveryoneReported(final long wanted) {
        for (final long reported : reportedClock) {
            if (reported < wanted) {
                return false;
            }
        }
        return true;
    }

    void onHeartbeat(final int worker, final long atClock, final long waitingNanos, final int shard,
            final int slowest) {
        clock[worker] = atClock;
        waitNanos[worker] = waitingNanos;
        waitShard[worker] = shard;
        waitSlowest[worker] = slowest;
    }

    /** One sentence on who waits; empty if nobody does for long. */
    String waiting() {
        int longest = -1;
        int count = 0;
        for (int i = 0; i < waitNanos.length; i++) {
            if (waitNanos[i] >= WORTH_TELLING_NS) {
                count++;
                longest = longest < 0 || waitNanos[i] > waitNanos[longest] ? i : longest;
            }
        }
        return longest < 0 ? "" : sentence(longest, count);
    }

    private String sentence(final int waiter, final int count) {
        final int slowest = waitSlowest[waiter];
        final boolean forWorker = slowest >= 0 && slowest < clock.length && clock[slowest] < clock[waiter];
        return String.format(Locale.ROOT, "worker %d (clock %d) has waited %.1f s for %s%s", waiter, clock[waiter],
                waitNanos[waiter] / 1e9,
                forWorker ? "worker " + slowest + " (clock " + clock[slowest] + ")" : "shard " + waitShard[waiter],
                count == 1 ? "" : ", as have " + (count - 1) + " more");
    }

    List<ClockProgress> objective() {
        return List.copyOf(done);
    }

    double trainSeconds() {
        return started ? seconds(trainStartNs, trainEndNs) : 0;
    }

    double itemsPerSecond() {
        return started ? items / Math.max(1e-9, trainSeconds()) : 0;
    }

    private static double seconds(final long fromNs, final long toNs) {
        return (toNs - fromNs) / 1e9;
    }
}
