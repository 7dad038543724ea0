package io.rubato.simulator;

import io.rubato.TableSpec;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Promise;
import io.rubato.simulator.check.Workload;
import java.util.List;

/** What all workers have really added so far; reads are held against it. */
final class AddedRows {
    private final Workload workload;
    private final int workers;
    private final List<TableSpec> specs;
    private final Violations violations;
    /** Whether a column belongs to one worker, so that it can be told what a read misses of whom. */
    private final boolean[] isExact;
    /** Sums of what was added or is just being added, by table, then row and column. */
    private final long[][] begun;
    /** Sums of what has been added. */
    private final long[][] done;
    /** Under VAP: how much a reader may miss. */
    private final double[][] allowance;
    private final long[][] largest;

    AddedRows(final Workload workload, final int workers, final Violations violations) {
        this.workload = workload;
        this.workers = workers;
        this.specs = workload.tables();
        this.violations = violations;
        this.isExact = new boolean[specs.size()];
        this.begun = new long[specs.size()][];
        this.done = new long[specs.size()][];
        this.allowance = new double[specs.size()][];
        this.largest = new long[specs.size()][];
        for (int i = 0; i < begun.length; i++) {
            final int elements = Math.toIntExact(specs.get(i).rows() * specs.get(i).columns());
            isExact[i] = specs.get(i).columns() >= workers;
            begun[i] = new long[elements];
            done[i] = new long[elements];
            allowance[i] = new double[elements];
            largest[i] = new long[elements];
        }
    }

    private int at(final int table, final long row, final int column) {
        return (int) row * specs.get(table).columns() + column;
    }

    long sum(final int table, final long row, final int column) {
        return begun[table][at(table, row, column)];
    }

    void adding(final int table, final long row, final int column, final long delta) {
        begun[table][at(table, row, column)] += delta;
    }

    void added(final int table, final long row, final int column, final long delta, final long clock) {
        final int at = at(table, row, column);
        done[table][at] += delta;
        largest[table][at] = Math.max(largest[table][at], delta);
        allowance[table][at] = Math.max(largest[table][at], Promise.valueBound(specs.get(table).consistency(), clock));
    }

    void check(final int table, final long row, final int column, final long value, final int worker,
            final long clock) {
        final int at = at(table, row, column);
        if (value - workload.tolerance(table, value, workers) > begun[table][at]) {
            violations.report(Check.INVENTED, read(worker, clock, table, row, column, value) + ", all have added "
                    + begun[table][at]);
        }
        if (isExact[table] && specs.get(table).consistency().isValueBounded()
                && done[table][at] - value > allowance[table][at]) {
            violations.report(Check.VALUE_BOUND, read(worker, clock, table, row, column, value) + " of "
                    + done[table][at] + " that worker " + column + " has added, and may miss " + allowance[table][at]);
        }
    }

    private String read(final int worker, final long clock, final int table, final long row, final int column,
            final long value) {
        return "worker " + worker + " at clock " + clock + " read row " + row + " of table "
                + specs.get(table).name() + ": column " + column + " holds " + value;
    }
}
