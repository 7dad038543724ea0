package io.rubato.simulator.check;

import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.TableSpec;
import java.util.List;

/**
 * What audited workers do. Everything is drawn from the seed, the worker and the clock, never from what was read: so
 * each worker knows what every other one adds and when.
 *
 * @param seed          of all choices
 * @param tables        of type I64, or F32 while a worker makes no more than {@value #MAX_FLOAT_DELTAS} deltas to an
 *                      element, so that sums are exact. Worker q adds to column q mod columns only: with fewer columns
 *                      than workers the checks see sums over the workers of a column, and are weaker
 * @param clocks        that each worker makes, at least 1
 * @param readsPerClock reads of one worker in one clock, at least 0
 * @param overrides     probability that a read has a bound of its own, of 0 to {@code maxStaleness}
 * @param maxStaleness  largest bound of such a read
 * @param refreshes     probability that a read is announced by a refresh somewhere before it
 * @param touched       probability that a worker adds to a given row in a given clock
 * @param pieces        most deltas that a worker adds to one row in one clock, at least 1
 * @param edits         probability that a delta is made in place, on a row that is read for it; never on a
 *                      value-bounded table
 * @param streams       probability that a worker adds to the rows that it touches once and whole in a given clock and its
 *                      neighbours, in all tables that are not value-bounded: such deltas may go to their shard while the
 *                      clock lasts
 * @param slices        into how many parts the computing of one clock is divided. With 1 a worker first reads, then
 *                      computes, then adds, as a training step does; with more it does everything in a random order
 * @param exactEnd      whether each worker, after its last clock, reads every row under BSP and expects all deltas of
 *                      all workers; only where every worker makes all clocks
 */
public record Workload(long seed, List<TableSpec> tables, long clocks, int readsPerClock, double overrides,
        int maxStaleness, double refreshes, double touched, int pieces, double edits, double streams, int slices,
        boolean exactEnd) {
    /** Most deltas of a worker to an element of F32. */
    public static final int MAX_FLOAT_DELTAS = 128;
    /** Largest delta to an element of F32. */
    static final int MAX_FLOAT_DELTA = 1 << 16;

    /**
     * Checks every bound.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public Workload {
        tables = List.copyOf(tables);
        for (final TableSpec table : tables) {
            if (table.type() != ElementType.I64
                    && (table.type() != ElementType.F32 || clocks > MAX_FLOAT_DELTAS / Math.max(1, pieces))) {
                throw new IllegalArgumentException("audited tables hold I64, or F32 with at most " + MAX_FLOAT_DELTAS
                        + " deltas; " + table.name() + " holds " + table.type());
            }
        }
        if (tables.isEmpty() || clocks < 1 || readsPerClock < 0 || maxStaleness < 0 || pieces < 1 || slices < 1) {
            throw new IllegalArgumentException("there must be a table, a clock, a piece and a slice; got "
                    + tables.size() + ", " + clocks + ", " + pieces + ", " + slices);
        }
        if (!(touched >= 0 && touched <= 1 && overrides >= 0 && overrides <= 1 && refreshes >= 0 && refreshes <= 1
                && edits >= 0 && edits <= 1 && streams >= 0 && streams <= 1)) {
            throw new IllegalArgumentException("probabilities must be 0 to 1, got touched " + touched + ", overrides "
                    + overrides + ", refreshes " + refreshes + ", edits " + edits + ", streams " + streams);
        }
    }

    /**
     * By how much an element that is read may differ from a sum of deltas, because rows are rounded on their way: an
     * image by 1/512 of itself, and as much of one clock's deltas is still to be sent. Twice that, to be safe from
     * other roundings.
     *
     * @param table   id
     * @param value   that is read
     * @param workers of the job
     * @return 0 if rows travel exactly
     */
    public long tolerance(final int table, final long value, final int workers) {
        final TableSpec spec = tables.get(table);
        if (spec.encoding() == Encoding.EXACT) {
            return 0;
        }
        final long workersOfColumn = (workers + spec.columns() - 1) / spec.columns();
        return Math.abs(value) / 256 + workersOfColumn * pieces * MAX_FLOAT_DELTA / 256;
    }
}
