package io.rubato.node;

import io.rubato.JobResult;
import io.rubato.Refresh;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A worker made slow: it sleeps before it ends a clock. */
final class Straggler implements Worker {
    private final Worker worker;
    private final SlowWorker slow;
    private final int merged;
    private final int index;
    private final int workers;
    private long clock;

    /**
     * Around a worker.
     *
     * @param merged clocks of the job that are one of the worker's, whose sleep it does at once
     */
    Straggler(final Worker worker, final SlowWorker slow, final int merged) {
        this.worker = worker;
        this.slow = slow;
        this.merged = merged;
        this.index = worker.index();
        this.workers = worker.workers();
    }

    @Override
    public void clock() {
        sleep(slow.millis(index, workers, clock * merged, (clock + 1) * merged));
        clock++;
        worker.clock();
    }

    private static void sleep(final long millis) {
        final long sleepNs = TimeUnit.MILLISECONDS.toNanos(millis);
        final long endNs = System.nanoTime() + sleepNs;
        for (long leftNs = sleepNs; leftNs > 0; leftNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    @Override
    public int index() {
        return worker.index();
    }

    @Override
    public int workers() {
        return worker.workers();
    }

    @Override
    public long currentClock() {
        return worker.currentClock();
    }

    @Override
    public Table createTable(final TableSpec spec) {
        return worker.createTable(spec);
    }

    @Override
    public Row get(final Table table, final long row) {
        return worker.get(table, row);
    }

    @Override
    public Row get(final Table table, final long row, final int staleness) {
        return worker.get(table, row, staleness);
    }

    @Override
    public void get(final Table table, final long[] rows, final int count, final MemorySegment target,
            final long offset) {
        worker.get(table, rows, count, target, offset);
    }

    @Override
    public Row edit(final Table table, final long row) {
        return worker.edit(table, row);
    }

    @Override
    public void edit(final Table table, final long[] rows, final int count) {
        worker.edit(table, rows, count);
    }

    @Override
    public void inc(final Table table, final long row, final int column, final double delta) {
        worker.inc(table, row, column, delta);
    }

    @Override
    public void inc(final Table table, final long row, final int column, final long delta) {
        worker.inc(table, row, column, delta);
    }

    @Override
    public void inc(final Table table, final long row, final MemorySegment delta, final long offset) {
        worker.inc(table, row, delta, offset);
    }

    @Override
    public void inc(final Table table, final long[] rows, final int count, final MemorySegment deltas,
            final long offset) {
        worker.inc(table, rows, count, deltas, offset);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final float[] deltas, final int count) {
        worker.inc(table, row, columns, deltas, count);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final double[] deltas, final int count) {
        worker.inc(table, row, columns, deltas, count);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final long[] deltas, final int count) {
        worker.inc(table, row, columns, deltas, count);
    }

    @Override
    public void refresh(final Table table, final long row) {
        worker.refresh(table, row);
    }

    @Override
    public void refresh(final Table table, final long[] rows, final int count) {
        worker.refresh(table, rows, count);
    }

    @Override
    public void refresh(final Table table, final long row, final Refresh how) {
        worker.refresh(table, row, how);
    }

    @Override
    public void refresh(final Table table, final long row, final int staleness) {
        worker.refresh(table, row, staleness);
    }

    @Override
    public void report(final long items, final double loss, final long samples) {
        worker.report(items, loss, samples);
    }

    @Override
    public void reportTest(final double loss, final long samples) {
        worker.reportTest(loss, samples);
    }

    @Override
    public void conclude(final JobResult result) {
        worker.conclude(result);
    }
}
