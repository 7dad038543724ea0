package io.rubato.learn.mf;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.learn.Partition;
import io.rubato.learn.ratings.Split;
import java.util.Arrays;

/** Counts in a table what the workers did; integers, so a lost or doubled delta shows. */
final class AuditTable {
    private static final int[] COLUMNS = {0, 1, 2};
    private static final String[] NAMES = {"ratings processed", "item deltas made", "clocks of training"};

    private final Worker worker;
    private final Table table;
    private final long[] counts = new long[COLUMNS.length];

    AuditTable(final Worker worker) {
        this.worker = worker;
        table = worker.createTable(
                new TableSpec("audit", worker.workers(), COLUMNS.length, ElementType.I64, Consistency.bsp()));
    }

    void add(final long ratings, final long itemDeltas, final long clocks) {
        counts[0] = ratings;
        counts[1] = itemDeltas;
        counts[2] = clocks;
        worker.inc(table, worker.index(), COLUMNS, counts, COLUMNS.length);
    }

    /** Compares the totals with what options and data demand. */
    void check(final MfOptions options, final Split split) {
        final long[] found = new long[COLUMNS.length];
        final long[] expected = new long[COLUMNS.length];
        final int[] trainPerUser = split.trainPerUser();
        for (int i = 0; i < worker.workers(); i++) {
            final Row row = worker.get(table, i);
            for (final int column : COLUMNS) {
                found[column] += row.getLong(column);
            }
            final int first = Partition.first(trainPerUser, i, worker.workers());
            final int end = Partition.first(trainPerUser, i + 1, worker.workers());
            final int size = Arrays.stream(trainPerUser, first, end).sum();
            expected[0] += WorkerRatings.processed(size, options.workPerClock(), options.clocks());
        }
        expected[1] = expected[0] + Arrays.stream(split.trainPerItem()).filter(count -> count > 0).count();
        expected[2] = (long) options.clocks() * worker.workers();
        for (final int column : COLUMNS) {
            if (found[column] != expected[column]) {
                throw new IllegalStateException("the audit of the " + NAMES[column] + " failed: the table says "
                        + found[column] + ", it must be " + expected[column]);
            }
        }
    }
}
