package io.rubato.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a worker does to one table to be measured. All deltas are 1 in every column, so that sums tell whether every one
 * of them was applied once. Workers of a job do the same at the same time, or they would wait for each other.
 */
final class ClientWork {
    /** A table whose rows travel in messages. */
    static final String ROWS = "rows";
    /** A table whose rows are read from the shard's memory. */
    static final String ONE_SIDED = "one-sided";
    /** A table whose rows travel as bf16. */
    static final String NARROW = "narrow";
    /** A table whose rows shards push to those who have read them. */
    static final String PUSHED = "pushed";

    private static final float DELTA = 1;
    /** Rows of one call. */
    private static final int RUN = 64;

    private final Worker worker;
    private final int shards;
    private final Table table;
    private final RowVisits visits;
    private final long[] run = new long[RUN];
    private final MemorySegment deltas;
    private final MemorySegment pulled;
    /** Clocks in which rows were {@link #follow followed}. */
    private long followed;

    ClientWork(final Worker worker, final int shards, final TableSpec spec) {
        this.worker = worker;
        this.shards = shards;
        table = worker.createTable(spec);
        visits = new RowVisits((int) spec.rows());
        pulled = Arena.ofAuto().allocate((long) RUN * spec.rowBytes(), 64);
        deltas = Arena.ofAuto().allocate((long) RUN * spec.rowBytes(), 64);
        for (int i = 0; i < RUN * spec.columns(); i++) {
            deltas.setAtIndex(JAVA_FLOAT, i, DELTA);
        }
    }

    static TableSpec spec(final int rows, final int columns, final int staleness) {
        return spec(ROWS, rows, columns, staleness);
    }

    static TableSpec spec(final String name, final int rows, final int columns, final int staleness) {
        return new TableSpec(name, rows, columns, ElementType.F32,
                name.equals(PUSHED) ? Consistency.essp(staleness) : Consistency.ssp(staleness),
                name.equals(NARROW) ? Encoding.BF16 : Encoding.EXACT);
    }

    /** Adds to {@code batch} rows in each of some clocks; ends when shards have applied all. */
    Map<String, Double> push(final int clocks, final int batch) {
        final long start = System.nanoTime();
        for (int clock = 0; clock < clocks; clock++) {
            for (int left = batch; left > 0; left -= RUN) {
                final int count = Math.min(left, RUN);
                for (int i = 0; i < count; i++) {
                    run[i] = visits.visit();
                }
                worker.inc(table, run, count, deltas, 0);
            }
            worker.clock();
        }
        awaitShards();
        return rate(start, (double) clocks * batch);
    }

    /** Adds nothing to every row, so that the whole table has been written once; workers share the rows. */
    Map<String, Double> touch() {
        final long start = System.nanoTime();
        for (long row = worker.index(); row < table.spec().rows(); row += worker.workers()) {
            worker.inc(table, row, 0, 0.0);
        }
        worker.clock();
        awaitShards();
        return rate(start, (double) table.spec().rows() / worker.workers());
    }

    /** A row of every shard that holds what all workers did before this clock: then all else is applied too. */
    private void awaitShards() {
        for (int shard = 0; shard < Math.min(shards, table.spec().rows()); shard++) {
            worker.get(table, shard, 0);
        }
    }

    /** Refreshes and reads the same {@code batch} rows in each of some clocks: each time they are fetched anew. */
    Map<String, Double> pull(final int clocks, final int batch) {
        final int count = Math.min(batch, visits.size());
        double sum = 0;
        final long start = System.nanoTime();
        for (int clock = 0; clock < clocks; clock++) {
            worker.clock();
            for (int from = 0; from < count; from += RUN) {
                worker.refresh(table, run, run(from, count));
            }
            for (int from = 0; from < count; from += RUN) {
                final int length = run(from, count);
                worker.get(table, run, length, pulled, 0);
                for (int i = 0; i < length; i++) {
                    sum += pulled.getAtIndex(JAVA_FLOAT, (long) i * table.spec().columns());
                }
            }
        }
        final Map<String, Double> result = rate(start, (double) clocks * count);
        double expected = 0;
        for (int i = 0; i < count; i++) {
            expected += clocks * expected(i);
        }
        require(agree(sum, expected), "rows read add up to " + sum + ", expected " + expected);
        return result;
    }

    /** One worker adds to the same {@code batch} rows in each of some clocks; all read them once the clock is over. */
    Map<String, Double> follow(final int clocks, final int batch) {
        final int count = Math.min(batch, visits.size());
        double sum = 0;
        double expected = 0;
        final long start = System.nanoTime();
        for (int clock = 0; clock < clocks; clock++) {
            for (int from = 0; worker.index() == 0 && from < count; from += RUN) {
                worker.inc(table, run, run(from, count), deltas, 0);
            }
            worker.clock();
            for (int from = 0; from < count; from += RUN) {
                final int length = run(from, count);
                worker.get(table, run, length, pulled, 0);
                for (int i = 0; i < length; i++) {
                    sum += pulled.getAtIndex(JAVA_FLOAT, (long) i * table.spec().columns());
                }
            }
            expected += (double) DELTA * ++followed * count;
        }
        // The one who adds may be a clock ahead of the others.
        final double most = expected + (worker.index() == 0 ? 0 : (double) DELTA * clocks * count);
        require(expected <= sum && sum <= most,
                "rows read add up to " + sum + ", expected " + expected + " to " + most);
        return rate(start, (double) clocks * count);
    }

    /** Fills the run with visits from one on; returns how many. */
    private int run(final int from, final int end) {
        final int length = Math.min(RUN, end - from);
        for (int i = 0; i < length; i++) {
            run[i] = visits.row(from + i);
        }
        return length;
    }

    /** An image in bf16 is rounded to 8 bits. */
    private boolean agree(final double found, final double expected) {
        return table.spec().encoding() == Encoding.EXACT ? found == expected
                : Math.abs(found - expected) <= expected / 256;
    }

    private double expected(final int visit) {
        return (double) DELTA * visits.count(visit) * worker.workers();
    }

    /** Reads every row that was ever visited and checks all of its columns. */
    Map<String, Double> verify() {
        worker.clock();
        for (int i = 0; i < visits.size(); i++) {
            worker.refresh(table, visits.row(i), 0);
        }
        for (int i = 0; i < visits.size(); i++) {
            final Row row = worker.get(table, visits.row(i), 0);
            for (int column = 0; column < table.spec().columns(); column++) {
                require(agree(row.getFloat(column), expected(i)),
                        "row " + visits.row(i) + " holds " + row.getFloat(column)
                                + " in column " + column + ", expected " + expected(i));
            }
        }
        return Map.of("rows", (double) visits.size());
    }

    /** Single blocking reads, each of a row that is cached nowhere with the freshness it needs; nanoseconds. */
    Map<String, Double> read(final int count) {
        final Latencies latencies = new Latencies();
        int row = 0;
        for (int i = 0; i < count; i++) {
            if (row == 0) {
                worker.clock();
                awaitShards();
            }
            // The first rows of a table may have been fetched to wait for the shards.
            while (visits.row(row) < shards) {
                row++;
            }
            final long start = System.nanoTime();
            worker.get(table, visits.row(row), 0);
            latencies.record(System.nanoTime() - start);
            row = row + 1 + shards < visits.size() ? row + 1 : 0;
        }
        return latencies.toMap();
    }

    /** Clocks in which nothing was done; ends when the shards know of all. */
    Map<String, Double> clocks(final int count) {
        final long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            worker.clock();
        }
        awaitShards();
        return rate(start, count);
    }

    /** Clocks with one read each under the table's own bound: the read passes the gate, and waits at it if it must. */
    Map<String, Double> gates(final int count) {
        final long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            worker.clock();
            worker.get(table, visits.row(0));
        }
        return rate(start, count);
    }

    /**
     * Waits in every clock for the one who is {@link #late}.
     *
     * @return the times at which each wait was over, by the machine's monotonic clock, under the clocks' numbers
     */
    Map<String, Double> early(final int count) {
        final long[] over = new long[count];
        for (int i = 0; i < count; i++) {
            worker.clock();
            worker.get(table, visits.row(0));
            over[i] = System.nanoTime();
        }
        return byClock(over);
    }

    /**
     * Computes for so long in every clock.
     *
     * @return the times at which each clock began to advance, as {@link #early} tells them
     */
    Map<String, Double> late(final int count, final int micros) {
        final long[] advanced = new long[count];
        for (int i = 0; i < count; i++) {
            final long end = System.nanoTime() + micros * 1_000L;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            advanced[i] = System.nanoTime();
            worker.clock();
            worker.get(table, visits.row(0));
        }
        return byClock(advanced);
    }

    private static Map<String, Double> byClock(final long[] times) {
        final Map<String, Double> map = new LinkedHashMap<>();
        for (int i = 0; i < times.length; i++) {
            map.put(Integer.toString(i), (double) times[i]);
        }
        return map;
    }

    private static Map<String, Double> rate(final long startNs, final double operations) {
        final Map<String, Double> result = new LinkedHashMap<>();
        result.put("seconds", (System.nanoTime() - startNs) / 1e9);
        result.put("operations", operations);
        return result;
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
