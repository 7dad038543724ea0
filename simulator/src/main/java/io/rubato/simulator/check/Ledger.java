package io.rubato.simulator.check;

import io.rubato.Row;
import java.util.Arrays;

/**
 * What each row and column of one table must hold at which clock, worked out from the {@link AuditPlan} as it is asked
 * for. May be shared by workers that run on one thread.
 */
public final class Ledger {
    /** How far beyond the clocks asked for a value is searched. */
    private static final int SEARCH = 64;

    private final AuditPlan plan;
    private final Workload workload;
    private final int table;
    private final int workers;
    private final int columns;
    private final Entry[] entries;

    /** One row and column. */
    private static final class Entry {
        /** Sums after each delta, in the order of adding, from 0 on; only with one worker per column. */
        private long[] sums = new long[8];
        private int count = 1;
        /** Per clock k, the sum of all deltas stamped less than k. */
        private long[] through = new long[8];
        private int clocks = 1;

        void add(final long sum) {
            if (count == sums.length) {
                sums = Arrays.copyOf(sums, 2 * count);
            }
            sums[count++] = sum;
        }
    }

    /**
     * For one table.
     *
     * @param workload that is audited
     * @param table    id
     * @param workers  of the job
     */
    public Ledger(final Workload workload, final int table, final int workers) {
        this.plan = new AuditPlan(workload, table);
        this.workload = workload;
        this.table = table;
        this.workers = workers;
        this.columns = plan.spec().columns();
        this.entries = new Entry[Math.toIntExact(plan.spec().rows() * columns)];
    }

    AuditPlan plan() {
        return plan;
    }

    /** An element of what was read from the table. */
    long get(final Row row, final int column) {
        return WholeNumbers.get(plan.spec(), row, column);
    }

    /** Whether each column belongs to one worker. */
    boolean isExact() {
        return columns >= workers;
    }

    /**
     * How many rows a worker adds to in all its clocks.
     *
     * @param worker index
     * @param shards of the job
     * @param shard  of which rows count
     * @param clocks that the worker makes
     * @return rows, each once per clock in which it is added to
     */
    public long touches(final int worker, final int shards, final int shard, final long clocks) {
        long touches = 0;
        for (long clock = 0; clock < clocks; clock++) {
            for (long row = shard; row < plan.spec().rows(); row += shards) {
                touches += plan.pieces(worker, clock, row) > 0 ? 1 : 0;
            }
        }
        return touches;
    }

    /**
     * The sum of all deltas of a column's workers stamped less than a clock.
     *
     * @param row    id
     * @param column 0..columns-1
     * @param clock  k, at most as many as there is memory for
     * @return what an image with minimum clock k holds at least
     */
    public long through(final long row, final int column, final long clock) {
        final Entry entry = entry(row, column);
        while (entry.clocks <= clock) {
            extend(entry, row, column);
        }
        return entry.through[(int) clock];
    }

    /**
     * By how much an element that is read may differ from a sum of deltas.
     *
     * @param value that is read
     * @return see {@link Workload#tolerance}
     */
    public long tolerance(final long value) {
        return workload.tolerance(table, value, workers);
    }

    /**
     * Whether a value is the sum of the first n deltas for some n, as far as one can tell; only if {@link #isExact}.
     */
    boolean isReachable(final long row, final int column, final long value) {
        final Entry entry = entry(row, column);
        final long tolerance = tolerance(value);
        for (int i = 0; i < SEARCH && entry.sums[entry.count - 1] < value - tolerance; i++) {
            extend(entry, row, column);
        }
        final int found = Arrays.binarySearch(entry.sums, 0, entry.count, value - tolerance);
        return found >= 0 || ~found < entry.count && entry.sums[~found] <= value + tolerance;
    }

    private Entry entry(final long row, final int column) {
        final int i = (int) row * columns + column;
        if (entries[i] == null) {
            entries[i] = new Entry();
        }
        return entries[i];
    }

    private void extend(final Entry entry, final long row, final int column) {
        final long clock = entry.clocks - 1L;
        long sum = entry.through[entry.clocks - 1];
        if (isExact()) {
            sum = column < workers ? addPieces(entry, sum, row, column, clock) : sum;
        } else {
            for (int worker = column; worker < workers; worker += columns) {
                sum += plan.total(worker, clock, row);
            }
        }
        if (entry.clocks == entry.through.length) {
            entry.through = Arrays.copyOf(entry.through, 2 * entry.clocks);
        }
        entry.through[entry.clocks++] = sum;
    }

    /** What a reader may find of a worker's deltas of one clock; returns the sum with all of them. */
    private long addPieces(final Entry entry, final long before, final long row, final int worker, final long clock) {
        final int pieces = plan.pieces(worker, clock, row);
        if (pieces > 0 && plan.streams(worker, clock)) {
            final long sum = before + plan.total(worker, clock, row);
            entry.add(sum);
            return sum;
        }
        long sum = before;
        for (int i = 0; i < pieces; i++) {
            final long delta = plan.piece(worker, clock, row, i);
            if (plan.visiblePart(delta) > 0) {
                entry.add(sum + plan.visiblePart(delta));
            }
            sum += delta;
            entry.add(sum);
        }
        return sum;
    }
}
