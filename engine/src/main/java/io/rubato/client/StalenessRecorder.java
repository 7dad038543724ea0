package io.rubato.client;

import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * How stale a worker's reads of one table were: a histogram of the reader's clock minus the clock of the data read
 * (Dai et al. 2015, section 5). Counts lie off-heap; recording allocates nothing. Written by the worker's thread; read
 * by the agent after the worker has finished.
 */
final class StalenessRecorder {
    /** Lags of this and more share the last bucket. */
    static final int MAX_LAG = 1023;

    private final long base;

    StalenessRecorder(final Arena arena) {
        base = arena.allocate(ValueLayout.JAVA_LONG, MAX_LAG + 1L).address();
    }

    void record(final long lag) {
        count((int) Math.min(MAX_LAG, Math.max(0, lag)));
    }

    /** A lag of 0 to {@link #MAX_LAG}. */
    void count(final int lag) {
        final long at = base + (long) Long.BYTES * lag;
        Memory.ALL.set(ValueLayout.JAVA_LONG, at, Memory.ALL.get(ValueLayout.JAVA_LONG, at) + 1);
    }

    long reads(final int lag) {
        return Memory.ALL.get(ValueLayout.JAVA_LONG, base + (long) Long.BYTES * lag);
    }

    long rowsRead() {
        long sum = 0;
        for (int lag = 0; lag <= MAX_LAG; lag++) {
            sum += reads(lag);
        }
        return sum;
    }

    /** How many lags have been seen at all. */
    int distinctLags() {
        int distinct = 0;
        for (int lag = 0; lag <= MAX_LAG; lag++) {
            distinct += reads(lag) > 0 ? 1 : 0;
        }
        return distinct;
    }
}
