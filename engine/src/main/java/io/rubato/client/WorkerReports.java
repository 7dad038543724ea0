package io.rubato.client;

import org.agrona.concurrent.NanoClock;

/**
 * What a worker tells of its clocks: items, loss and time. Used by the worker's thread; the agent drains {@link
 * #queue}, and reads the rest once the worker has ended.
 */
final class WorkerReports {
    private final NanoClock time;
    private final WorkerStats stats;
    private final ReportQueue queue = new ReportQueue();
    private long startNs;
    private long reportedNs;
    private long clockBeganNs;
    private long endNs;
    private long items;
    private long samples;
    private double loss;
    private long testSamples;
    private double testLoss;

    WorkerReports(final NanoClock time, final WorkerStats stats) {
        this.time = time;
        this.stats = stats;
        begin();
    }

    ReportQueue queue() {
        return queue;
    }

    /** Starts the stopwatch. */
    void begin() {
        startNs = time.nanoTime();
        reportedNs = startNs;
        clockBeganNs = startNs;
    }

    void add(final long itemCount, final double lossSum, final long sampleCount) {
        items += itemCount;
        loss += lossSum;
        samples += sampleCount;
        stats.processed(itemCount);
    }

    void addTest(final double lossSum, final long sampleCount) {
        testLoss += lossSum;
        testSamples += sampleCount;
    }

    /** A clock has ended; returns the nanoseconds that it took. */
    long clockEnded(final long clock) {
        final long now = time.nanoTime();
        final long nanos = now - clockBeganNs;
        clockBeganNs = now;
        post(clock, now);
        return nanos;
    }

    /**
     * Whether what was reported of held-out data could not be queued: as part of a later report it would be another
     * clock's.
     */
    boolean isTestLeft() {
        return testSamples > 0;
    }

    /** Whether anything was reported that is part of no report yet. */
    boolean isAnythingLeft() {
        return items > 0 || testSamples > 0;
    }

    /**
     * Queues what is left; false if there is no room. The clock that goes on begins anew: the wait was not its work.
     */
    boolean postRest(final long clock) {
        clockBeganNs = time.nanoTime();
        return post(clock, clockBeganNs);
    }

    /** The worker has ended. */
    void end() {
        endNs = time.nanoTime();
    }

    /** What cannot be queued now is part of the next report. */
    private boolean post(final long clock, final long now) {
        final boolean isQueued =
                queue.offer(clock, items, samples, loss, testSamples, testLoss, now - reportedNs);
        if (isQueued) {
            items = 0;
            samples = 0;
            loss = 0;
            testSamples = 0;
            testLoss = 0;
            reportedNs = now;
        }
        return isQueued;
    }

    /** From the start to the end; only once that has come. */
    long lifeNanos() {
        return endNs - startNs;
    }
}
