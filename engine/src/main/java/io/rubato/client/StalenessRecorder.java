package io.rubato.client;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How stale a worker's reads of one table were: a histogram of the reader's clock minus the clock of the data read (Dai
 * et al. 2015, section 5). Recording allocates nothing. Written by the worker's thread; read by the agent after the
 * worker has finished.
 */
final class StalenessRecorder {
    /** Lags of this and more share the last bucket. */
    static final int MAX_LAG = 1023;

    private final long[] counts = new long[MAX_LAG + 1];
    /** Reads that count in addition to {@link #counts}. */
    private final long[] shortLags = new long[ServedRows.LONGEST_LAG];

    void record(final long lag) {
        counts[(int) Math.min(MAX_LAG, Math.max(0, lag))]++;
    }

    /**
     * Reads by lag, to be counted up directly by reads that know theirs. One for each lag that {@link ServedRows}
     * tells: the same comparison says whether it tells a row's lag and whether that counts here.
     */
    long[] shortLags() {
        return shortLags;
    }

    /** How many reads had a lag, 0 to {@link #MAX_LAG}. */
    long reads(final int lag) {
        return counts[lag] + (lag < shortLags.length ? shortLags[lag] : 0);
    }

    /** The same where a lag of {@code last} stands for all that are longer, too. */
    long reads(final int lag, final int last) {
        return lag < last ? reads(lag) : IntStream.rangeClosed(last, MAX_LAG).mapToLong(this::reads).sum();
    }

    long rowsRead() {
        return Arrays.stream(counts).sum() + Arrays.stream(shortLags).sum();
    }

    /** How many lags have been seen at all, where {@code last} stands for all that are longer, too. */
    int distinctLags(final int last) {
        return (int) IntStream.rangeClosed(0, last).filter(lag -> reads(lag, last) > 0).count();
    }
}
