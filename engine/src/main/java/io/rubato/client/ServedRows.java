package io.rubato.client;

import java.util.Arrays;

/**
 * For which rows a read under the table's own model was served from their cached copies in the present clock already,
 * and the lags of these: all that a cached read compares. Two bytes for each row, so that a random row's are still in
 * the processor's cache:
 *
 * <pre>
 *  15        10 9        0
 *  | generation | lag    |
 * </pre>
 *
 * A generation is a clock in which rows were served, 1 to 63; 0 is none. When they are used up all marks are cleared.
 * Used by the worker's thread.
 */
final class ServedRows {
    /** Of a row that was not served. */
    static final int NOT_SERVED = -1;
    /** Longer lags are kept as this one. */
    static final int LONGEST_LAG = StalenessRecorder.MAX_LAG;

    private static final int GENERATION = LONGEST_LAG + 1;
    private static final int LAST_GENERATION = Character.MAX_VALUE + 1 - GENERATION;

    private final char[] marks;
    /** The mark of a served row without its lag. */
    private int generation;
    private long clock = -1;

    ServedRows(final int rows) {
        marks = new char[rows];
    }

    /** The lag with which a row was served in a clock; {@link #NOT_SERVED} if it was not. */
    int lag(final int row, final long inClock) {
        final int lag = marks[row] ^ generation;
        return lag <= LONGEST_LAG && inClock == clock ? lag : NOT_SERVED;
    }

    /** A hint that a row is looked up soon; for its result see {@link io.rubato.kernel.Memory#prefetch}. */
    long prefetch(final int row) {
        return marks[row];
    }

    /** A row was served with that lag, 0 or more. */
    void serve(final int row, final long inClock, final long lag) {
        if (inClock != clock) {
            begin(inClock);
        }
        marks[row] = (char) (generation + Math.min(lag, LONGEST_LAG));
    }

    private void begin(final long inClock) {
        if (generation == LAST_GENERATION) {
            Arrays.fill(marks, (char) 0);
            generation = 0;
        }
        generation += GENERATION;
        clock = inClock;
    }

    /** The row's copy has to be looked at again. */
    void forget(final int row) {
        marks[row] = 0;
    }
}
