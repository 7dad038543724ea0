package io.rubato.simulator.check;

import io.rubato.Consistency;
import io.rubato.Row;
import java.util.List;
import java.util.function.Consumer;

/**
 * Holds every read of one worker against what the plan says it must hold. Knows nothing but the plan, what the worker
 * itself has added, and what it reads.
 */
final class ReadChecker {
    private final int worker;
    private final int workers;
    private final List<Ledger> ledgers;
    private final Consumer<Violation> violations;
    private final long[][] own;
    /** What was added to the row in the current clock. */
    private final long[][] ownNow;

    ReadChecker(final int worker, final int workers, final List<Ledger> ledgers, final Consumer<Violation> violations) {
        this.worker = worker;
        this.workers = workers;
        this.ledgers = ledgers;
        this.violations = violations;
        this.own = new long[ledgers.size()][];
        this.ownNow = new long[ledgers.size()][];
        for (int i = 0; i < own.length; i++) {
            final int rows = Math.toIntExact(ledgers.get(i).plan().spec().rows());
            own[i] = new long[rows];
            ownNow[i] = new long[rows];
        }
    }

    void added(final int table, final long row, final long delta) {
        own[table][(int) row] += delta;
        ownNow[table][(int) row] += delta;
    }

    void clocked() {
        for (final long[] rows : ownNow) {
            java.util.Arrays.fill(rows, 0);
        }
    }

    /** The least clock that the image of a read under the table's own bound may have: all that is known of a copy's. */
    long promised(final int table, final long clock) {
        final Consistency consistency = ledgers.get(table).plan().spec().consistency();
        return Math.clamp(Promise.ofAll(consistency, Promise.TABLE_BOUND, clock, workers), 0, clock);
    }

    /** Checks a read at a clock; staleness is the bound of this read or {@link Promise#TABLE_BOUND}. */
    void read(final int table, final Row row, final long clock, final int staleness) {
        final Ledger ledger = ledgers.get(table);
        final long m = row.minimumClock();
        final Consistency consistency = ledger.plan().spec().consistency();
        final long freshness = Promise.ofAll(consistency, staleness, clock, workers);
        // Peers do not wait for what the shard knows of the reader itself; its own deltas are seen all the same.
        final boolean counts =
                staleness != Promise.TABLE_BOUND || consistency.sampling() == Consistency.Sampling.CENTRAL;
        if (counts && m < freshness) {
            report(Check.FRESHNESS, ledger, row, clock, "its image has clock " + m + ", needed is " + freshness);
        }
        if (m > clock) {
            report(Check.IMAGE_CLOCK, ledger, row, clock, "its image claims clock " + m);
        }
        for (int column = 0; column < row.columns(); column++) {
            final long value = ledger.get(row, column);
            final long most = value + ledger.tolerance(value);
            if (most < least(ledger, table, row.id(), column, clock, freshness)) {
                report(Check.GUARANTEE, ledger, row, clock, lacks(ledger, table, row, column, clock, freshness));
            } else if (m <= clock && most < least(ledger, table, row.id(), column, clock, m)) {
                report(Check.IMAGE_CLOCK, ledger, row, clock, lacks(ledger, table, row, column, clock, m));
            }
            checkContent(ledger, table, row, column, clock, value);
        }
        checkSample(ledger, row, clock, Promise.sample(consistency, staleness, workers),
                Promise.ofSome(consistency, clock));
    }

    private void checkSample(final Ledger ledger, final Row row, final long clock, final int sample, final long k) {
        if (sample == 0 || !ledger.isExact()) {
            return;
        }
        int visible = 0;
        for (int other = 0; other < workers; other++) {
            final long value = ledger.get(row, other);
            if (other != worker && value + ledger.tolerance(value) >= ledger.through(row.id(), other, k)) {
                visible++;
            }
        }
        if (visible < sample) {
            report(Check.SAMPLE, ledger, row, clock, "it holds all deltas stamped less than " + k + " of " + visible
                    + " others, asked were " + sample);
        }
    }

    private void checkContent(final Ledger ledger, final int table, final Row row, final int column, final long clock,
            final long value) {
        final long mine = own[table][(int) row.id()];
        final long tolerance = ledger.tolerance(value);
        if (column == ledger.plan().column(worker)
                && (value + tolerance < mine || ledger.isExact() && value - tolerance > mine)) {
            report(Check.READ_MY_WRITES, ledger, row, clock,
                    "column " + column + " holds " + value + ", the reader itself has added " + mine);
        } else if (ledger.isExact() && !ledger.isReachable(row.id(), column, value)) {
            report(Check.INVENTED, ledger, row, clock, "column " + column + " holds " + value
                    + ", which no first deltas of worker " + column + " add up to");
        }
    }

    /** What the column holds at least if the image holds all deltas stamped less than k. */
    private long least(final Ledger ledger, final int table, final long row, final int column, final long clock,
            final long k) {
        long least = ledger.through(row, column, k);
        if (column == ledger.plan().column(worker)) {
            least += ownNow[table][(int) row];
            for (long stamp = k; stamp < clock; stamp++) {
                least += ledger.plan().total(worker, stamp, row);
            }
        }
        return least;
    }

    private String lacks(final Ledger ledger, final int table, final Row row, final int column, final long clock,
            final long k) {
        return "column " + column + " holds " + ledger.get(row, column) + ", but with all deltas stamped less than " + k
                + " and the reader's own it would be at least " + least(ledger, table, row.id(), column, clock, k);
    }

    /** Checks a read under BSP after everybody's last clock. */
    void readAtEnd(final int table, final Row row, final long clocks) {
        final Ledger ledger = ledgers.get(table);
        for (int column = 0; column < row.columns(); column++) {
            final long all = ledger.through(row.id(), column, clocks);
            final long value = ledger.get(row, column);
            if (Math.abs(value - all) > ledger.tolerance(value)) {
                report(Check.EXACT_END, ledger, row, clocks,
                        "column " + column + " holds " + value + ", all deltas sum up to " + all);
            }
        }
    }

    private void report(final Check check, final Ledger ledger, final Row row, final long clock, final String what) {
        violations.accept(new Violation(check, "worker " + worker + " at clock " + clock + " read row " + row.id()
                + " of table " + ledger.plan().spec().name() + " (image clock " + row.minimumClock() + "): " + what));
    }
}
