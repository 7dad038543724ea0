package io.rubato.client;

import java.util.Arrays;

/**
 * How stale a worker's reads of one table were: a histogram of the reader's clock minus the clock of the data read
 * (Dai et al. 2015, section 5). Recording allocates nothing. Written by the worker's thread; read by the agent after the
 * worker has finished.
 */
final class StalenessRecorder {
    /** Lags of this and more share the last bucket. */
    static final int MAX_LAG = 1023;

    private final long[] counts = new long[MAX_LAG + 1];

    void record(final long lag) {
        counts[(int) Math.min(MAX_LAG, Math.max(0, lag))]++;
    }

    /** Reads by lag, 0 to {@link #MAX_LAG}; to be counted up directly by reads that know their lag. */
    long[] counts() {
        return counts;
    }

    long reads(final int lag) {
        return counts[lag];
    }

    long rowsRead() {
        return Arrays.stream(counts).sum();
    }

    /** How many lags have been seen at all. */
    int distinctLags() {
        return (int) Arrays.stream(counts).filter(count -> count > 0).count();
    }
}
