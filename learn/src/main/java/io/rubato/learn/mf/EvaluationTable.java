package io.rubato.learn.mf;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.JobResult;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;

/** Adds up the squared errors of all workers. */
final class EvaluationTable {
    private static final int[] COLUMNS = {0, 1, 2, 3};

    private final Worker worker;
    private final Table table;

    EvaluationTable(final Worker worker) {
        this.worker = worker;
        table = worker.createTable(
                new TableSpec("evaluation", worker.workers(), COLUMNS.length, ElementType.F64, Consistency.bsp()));
    }

    void add(final double trainError, final int trainRatings, final double testError, final int testRatings) {
        worker.inc(table, worker.index(), COLUMNS, new double[] {trainError, trainRatings, testError, testRatings},
                COLUMNS.length);
    }

    JobResult result(final String model) {
        final double[] totals = new double[COLUMNS.length];
        for (int i = 0; i < worker.workers(); i++) {
            final Row row = worker.get(table, i);
            for (final int column : COLUMNS) {
                totals[column] += row.getDouble(column);
            }
        }
        return new JobResult("rmse", Math.sqrt(totals[0] / totals[1]), Math.sqrt(totals[2] / totals[3]), model);
    }
}
