package io.rubato.learn;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;

/** Adds up what all workers find when they evaluate: table {@code evaluation}, F64, a row per worker, under BSP. */
public final class EvaluationTable {
    private static final int[] COLUMNS = {0, 1, 2, 3};
    private static final int TRAIN = 0;
    private static final int TEST = 2;

    private final Worker worker;
    private final Table table;

    /**
     * Creates the table.
     *
     * @param worker this thread's
     */
    public EvaluationTable(final Worker worker) {
        this.worker = worker;
        table = worker.createTable(
                new TableSpec("evaluation", worker.workers(), COLUMNS.length, ElementType.F64, Consistency.bsp()));
    }

    /**
     * Adds what this worker found.
     *
     * @param train     sum of the measure over its training data
     * @param trainSize what that is to be divided by
     * @param test      the same of held-out data
     * @param testSize  0 if it has none
     */
    public void add(final double train, final int trainSize, final double test, final int testSize) {
        worker.inc(table, worker.index(), COLUMNS, new double[] {train, trainSize, test, testSize}, COLUMNS.length);
    }

    /**
     * Means over all workers, of what was added in clocks before this one.
     *
     * @param train sum and size of training data or, if false, of held-out data
     * @return NaN if there was none
     */
    public double mean(final boolean train) {
        double sum = 0;
        double size = 0;
        for (int i = 0; i < worker.workers(); i++) {
            final Row row = worker.get(table, i);
            sum += row.getDouble(train ? TRAIN : TEST);
            size += row.getDouble((train ? TRAIN : TEST) + 1);
        }
        return sum / size;
    }
}
