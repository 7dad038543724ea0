package io.rubato.learn.testing;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.JobResult;
import io.rubato.Refresh;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

final class FakeWorker implements Worker {
    /** Clock as the others see it; guarded by the cluster. */
    long published;

    private final FakeCluster cluster;
    private final int index;
    private final int workers;
    private final Map<Integer, FakeTable> tables = new ConcurrentHashMap<>();
    private long clock;
    private int reports;

    FakeWorker(final FakeCluster cluster, final int index, final int workers) {
        this.cluster = cluster;
        this.index = index;
        this.workers = workers;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int workers() {
        return workers;
    }

    @Override
    public long currentClock() {
        return clock;
    }

    @Override
    public Table createTable(final TableSpec spec) {
        final Table table = cluster.createTable(spec);
        tables.computeIfAbsent(table.id(), id -> new FakeTable(table));
        return table;
    }

    @Override
    public Row get(final Table table, final long row) {
        final Consistency consistency = table.spec().consistency();
        return !consistency.isClocked()
                ? read(table, row, 0)
                : read(table, row, clock - consistency.staleness());
    }

    @Override
    public Row get(final Table table, final long row, final int staleness) {
        return read(table, row, clock - staleness);
    }

    private Row read(final Table table, final long row, final long atLeast) {
        final FakeTable copy = tables.get(table.id());
        checkRow(copy, row);
        if (atLeast > copy.merged) {
            copy.fold();
            cluster.merge(copy, atLeast);
            copy.merged = atLeast;
            MemorySegment.copy(copy.base, 0, copy.view, 0, copy.base.byteSize());
            for (long stamp = atLeast; stamp < copy.logs.size(); stamp++) {
                add(copy.logs.get((int) stamp), copy, copy.view);
            }
        }
        return copy.row.wrap(copy.view, row * copy.stride(), row, copy.merged);
    }

    @Override
    public Row edit(final Table table, final long row) {
        final Row open = get(table, row);
        tables.get(table.id()).edit(row);
        return open;
    }

    /** Called with the cluster's lock held, for a stamp that is finished. */
    void addTo(final FakeTable into, final long stamp) {
        add(tables.get(into.table.id()).logs.get((int) stamp), into, into.base);
    }

    private static void add(final FakeTable.Log log, final FakeTable table, final MemorySegment target) {
        for (int i = 0; i < log.count; i++) {
            table.add(target, log.rows[i] * table.stride(), log.deltas, i * table.stride());
        }
    }

    @Override
    public void inc(final Table table, final long row, final MemorySegment delta, final long offset) {
        final FakeTable copy = tables.get(table.id());
        checkRow(copy, row);
        copy.inc(row, delta, offset);
    }

    @Override
    public void inc(final Table table, final long row, final int column, final double delta) {
        inc(table, row, new int[] {column}, new double[] {delta}, 1);
    }

    @Override
    public void inc(final Table table, final long row, final int column, final long delta) {
        inc(table, row, new int[] {column}, new long[] {delta}, 1);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final float[] deltas, final int count) {
        final MemorySegment dense = dense(table, ElementType.F32);
        for (int i = 0; i < count; i++) {
            final float sum = dense.getAtIndex(ValueLayout.JAVA_FLOAT, columns[i]) + deltas[i];
            dense.setAtIndex(ValueLayout.JAVA_FLOAT, columns[i], sum);
        }
        inc(table, row, dense, 0);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final double[] deltas, final int count) {
        final MemorySegment dense = dense(table, ElementType.F64);
        for (int i = 0; i < count; i++) {
            final double sum = dense.getAtIndex(ValueLayout.JAVA_DOUBLE, columns[i]) + deltas[i];
            dense.setAtIndex(ValueLayout.JAVA_DOUBLE, columns[i], sum);
        }
        inc(table, row, dense, 0);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final long[] deltas, final int count) {
        final ElementType type = table.spec().type();
        final MemorySegment dense = dense(table, type == ElementType.I32 ? type : ElementType.I64);
        for (int i = 0; i < count; i++) {
            if (type == ElementType.I32) {
                dense.setAtIndex(ValueLayout.JAVA_INT, columns[i],
                        Math.toIntExact(dense.getAtIndex(ValueLayout.JAVA_INT, columns[i]) + deltas[i]));
            } else {
                dense.setAtIndex(ValueLayout.JAVA_LONG, columns[i],
                        dense.getAtIndex(ValueLayout.JAVA_LONG, columns[i]) + deltas[i]);
            }
        }
        inc(table, row, dense, 0);
    }

    private static MemorySegment dense(final Table table, final ElementType type) {
        if (table.spec().type() != type) {
            throw new IllegalArgumentException("the table holds " + table.spec().type());
        }
        return Arena.ofAuto().allocate(table.spec().rowBytes(), 8);
    }

    @Override
    public void refresh(final Table table, final long row) {
        checkRow(tables.get(table.id()), row);
    }

    @Override
    public void refresh(final Table table, final long row, final Refresh how) {
        refresh(table, row);
    }

    @Override
    public void refresh(final Table table, final long row, final int staleness) {
        refresh(table, row);
    }

    @Override
    public void clock() {
        clock++;
        synchronized (cluster) {
            for (final FakeTable table : tables.values()) {
                table.fold();
                table.logs.getLast().finish();
                table.logs.add(table.new Log());
            }
            cluster.publish(this, clock);
        }
    }

    @Override
    public void report(final long items, final double loss, final long samples) {
        cluster.report(reports++, loss, samples);
    }

    /** Of the clock that is reported next. */
    @Override
    public void reportTest(final double loss, final long samples) {
        cluster.reportTest(reports, loss, samples);
    }

    @Override
    public void conclude(final JobResult result) {
        cluster.conclude(result);
    }

    /** Nobody waits for a worker that has finished. */
    void leave() {
        cluster.publish(this, Long.MAX_VALUE);
    }

    private static void checkRow(final FakeTable table, final long row) {
        if (row < 0 || row >= table.table.spec().rows()) {
            throw new IndexOutOfBoundsException("row " + row + " of " + table.table.spec().rows());
        }
    }
}
