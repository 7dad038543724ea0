package io.rubato.client;

/** Those rows of a run that could not be read without waiting. Used by the worker's thread. */
final class MissedRows {
    private int[] positions = new int[0];
    private long[] rows = new long[0];
    private int size;

    /** There will be at most so many. */
    void clear(final int atMost) {
        size = 0;
        if (rows.length < atMost) {
            positions = new int[atMost];
            rows = new long[atMost];
        }
    }

    void add(final int position, final long row) {
        positions[size] = position;
        rows[size++] = row;
    }

    int size() {
        return size;
    }

    /** Where in the run a missed row is. */
    int position(final int missed) {
        return positions[missed];
    }

    /** The first {@link #size} are ids of missed rows. */
    long[] rows() {
        return rows;
    }
}
