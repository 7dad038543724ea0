package io.rubato.client;

import java.util.Arrays;

/**
 * For which rows a read under the table's own model was served from their cached copies in the present clock already,
 * and the lags of these: all that a cached read compares. One byte for each row, so that those of some 100,000 rows
 * stay in the processor's second-level cache:
 *
 * <pre>
 *  7          4 3   0
 *  | generation | lag |
 * </pre>
 *
 * A generation is a clock in which rows were served, 1 to 15; 0 is none. When they are used up all marks are cleared.
 * Used by the worker's thread.
 */
final class ServedRows {
    /** This or a longer one: the copy's clocks tell. */
    static final int LONGEST_LAG = 15;

    private static final int GENERATION = LONGEST_LAG + 1;
    private static final int LAST_GENERATION = 0x100 - GENERATION;

    private final byte[] marks;
    /** The mark of a served row without its lag. */
    private int generation = GENERATION;
    /** All rows that were served since the marks were cleared lie between. */
    private int lowest = Integer.MAX_VALUE;
    private int highest;
    private boolean isAnyServed;

    ServedRows(final int rows) {
        marks = new byte[rows];
    }

    /** Whether there is such a row: told here, the check is the same as that of the look-up that follows. */
    boolean knows(final int row) {
        return row >= 0 && row < marks.length;
    }

    /** The lag with which a row was served in this clock; more than {@link #LONGEST_LAG} if it was not. */
    int lag(final int row) {
        return (marks[row] ^ generation) & 0xFF;
    }

    /** A row was served with that lag, 0 or more. */
    void serve(final int row, final long lag) {
        marks[row] = (byte) (generation + Math.min(lag, LONGEST_LAG));
        lowest = Math.min(lowest, row);
        highest = Math.max(highest, row);
        isAnyServed = true;
    }

    /** The row's copy has to be looked at again. */
    void forget(final int row) {
        marks[row] = 0;
    }

    /** In the clock that begins no row was served. */
    void clockEnded() {
        if (!isAnyServed) {
            return;
        }
        isAnyServed = false;
        if (generation == LAST_GENERATION) {
            Arrays.fill(marks, lowest, highest + 1, (byte) 0);
            lowest = Integer.MAX_VALUE;
            highest = 0;
            generation = 0;
        }
        generation += GENERATION;
    }
}
