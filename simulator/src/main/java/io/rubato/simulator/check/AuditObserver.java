package io.rubato.simulator.check;

import io.rubato.Row;

/**
 * What surrounds an audited worker. A simulation lets virtual time pass here, and checks with its knowledge of all
 * workers; on real processes nothing need be done. Every method is called on the worker's thread.
 */
public interface AuditObserver {
    /** Sees nothing. */
    AuditObserver NONE = new AuditObserver() {
    };

    /**
     * The worker begins.
     *
     * @param worker index
     */
    default void begins(final int worker) {
    }

    /**
     * Whether the worker should end before its next clock.
     *
     * @param worker index
     * @return true if time is up
     */
    default boolean isOver(final int worker) {
        return false;
    }

    /**
     * The worker computes: one slice of a clock.
     *
     * @param worker index
     * @param clock  of the worker
     * @param slice  0..slices-1
     */
    default void computes(final int worker, final long clock, final int slice) {
    }

    /**
     * The worker is about to add.
     *
     * @param worker index
     * @param table  id
     * @param row    id
     * @param column to be changed
     * @param delta  positive
     */
    default void adding(final int worker, final int table, final long row, final int column, final long delta) {
    }

    /**
     * The worker has added.
     *
     * @param worker index
     * @param table  id
     * @param row    id
     * @param column that was changed
     * @param delta  positive
     */
    default void added(final int worker, final int table, final long row, final int column, final long delta) {
    }

    /**
     * A read has returned.
     *
     * @param worker    index
     * @param clock     of the worker
     * @param table     id
     * @param row       what was read
     * @param staleness bound of this read; -1 if it was the table's
     */
    default void read(final int worker, final long clock, final int table, final Row row, final int staleness) {
    }

    /**
     * The worker has ended a clock.
     *
     * @param worker index
     * @param clock  its new clock
     */
    default void clocked(final int worker, final long clock) {
    }

    /**
     * The worker will do nothing more.
     *
     * @param worker index
     */
    default void ends(final int worker) {
    }
}
