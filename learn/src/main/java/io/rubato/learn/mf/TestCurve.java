package io.rubato.learn.mf;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;

/**
 * What all workers find on their test ratings while they train: table {@code tests}, F64, a row per evaluation
 * and worker with the sum of squared errors and their number, under BSP.
 */
final class TestCurve {
    private static final int[] COLUMNS = {0, 1};

    private final Worker worker;
    private final int every;
    private final int points;
    private final Table table;

    /** One evaluation after every {@code every} clocks of training; none if that is 0. */
    TestCurve(final int every, final int clocks, final Worker worker) {
        this.worker = worker;
        this.every = every;
        points = every == 0 ? 0 : clocks / every;
        table = points == 0 ? null
                : worker.createTable(
                        new TableSpec("tests", (long) points * worker.workers(), COLUMNS.length, ElementType.F64,
                                Consistency.bsp()));
    }

    /** Whether to evaluate at the end of a clock of training, counted from 0. */
    boolean isDue(final int clock) {
        return points > 0 && (clock + 1) % every == 0;
    }

    /** Adds what this worker found at the end of a clock for which {@link #isDue} holds. */
    void add(final int clock, final double squaredError, final int ratings) {
        worker.inc(table, row((clock + 1) / every - 1, worker.index()), COLUMNS, new double[] {squaredError, ratings},
                COLUMNS.length);
    }

    /** How many evaluations there are. */
    int points() {
        return points;
    }

    /** Clocks of training before an evaluation. */
    int clock(final int point) {
        return (point + 1) * every;
    }

    /** Root mean squared error over all workers, of what was added in clocks before this one; NaN without ratings. */
    double rmse(final int point) {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < worker.workers(); i++) {
            final Row row = worker.get(table, row(point, i));
            sum += row.getDouble(0);
            count += row.getDouble(1);
        }
        return Math.sqrt(sum / count);
    }

    private long row(final int point, final int ofWorker) {
        return (long) point * worker.workers() + ofWorker;
    }
}
