package io.rubato.client;

/**
 * Rows that a worker will want, collected into one command while they are asked for alike. Used by the worker's thread.
 */
final class Asks {
    private final int[] rows;
    private int count;
    private int table;
    private int staleness;
    private boolean wantsNewer;

    /** At most so many rows at once. */
    Asks(final int most) {
        this.rows = new int[most];
    }

    /** Whether one more can join, or those that are collected must be sent before. */
    boolean hasRoomFor(final int ofTable, final int withStaleness, final boolean newer) {
        return count == 0 || count < rows.length && table == ofTable && staleness == withStaleness
                && wantsNewer == newer;
    }

    void add(final int ofTable, final int withStaleness, final boolean newer, final int row) {
        table = ofTable;
        staleness = withStaleness;
        wantsNewer = newer;
        rows[count++] = row;
    }

    /** Hands over all that is collected; false, and nothing done, if the queue is full. */
    boolean send(final Commands commands, final long clock) {
        if (count > 0 && !commands.read(table, clock, staleness, wantsNewer, rows, count)) {
            return false;
        }
        count = 0;
        return true;
    }
}
