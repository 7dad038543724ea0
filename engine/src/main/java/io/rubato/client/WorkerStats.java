package io.rubato.client;

/** What a worker counts about itself. Written by its thread; read by the agent after the worker has finished. */
final class WorkerStats {
    /** Lags of this and more share the last bucket. */
    static final int MAX_LAG = 4096;

    private final long[] readsByLag = new long[MAX_LAG + 1];
    private long cacheHits;
    private long waitNanos;
    private long items;

    /** A read of data whose clock was {@code lag} behind the reader's. */
    void read(final long lag) {
        readsByLag[(int) Math.min(MAX_LAG, Math.max(0, lag))]++;
    }

    void hit() {
        cacheHits++;
    }

    void waited(final long nanos) {
        waitNanos += nanos;
    }

    void processed(final long count) {
        items += count;
    }

    long reads(final int lag) {
        return readsByLag[lag];
    }

    long rowsRead() {
        long sum = 0;
        for (final long reads : readsByLag) {
            sum += reads;
        }
        return sum;
    }

    /** How many lags have been seen at all. */
    int distinctLags() {
        int distinct = 0;
        for (final long reads : readsByLag) {
            distinct += reads > 0 ? 1 : 0;
        }
        return distinct;
    }

    long cacheHits() {
        return cacheHits;
    }

    long waitNanos() {
        return waitNanos;
    }

    long items() {
        return items;
    }
}
