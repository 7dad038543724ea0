package io.rubato.bench;

import io.rubato.Consistency;
import io.rubato.JobResult;
import io.rubato.Refresh;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.kernel.Memory;
import io.rubato.kernel.RowKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A worker of a {@link SharedMemoryJob}. */
final class SharedMemoryWorker implements Worker {
    private final SharedMemoryJob job;
    private final int index;
    private MemorySegment[] memories = new MemorySegment[0];
    private Row[] flyweights = new Row[0];
    private long[] strides = new long[0];
    private long clock;
    private long minimumClock;
    private long items;
    private long itemsOfClock;
    private double lossOfClock;
    private long testSamplesOfClock;
    private double testLossOfClock;
    private final List<ClockEnd> clockEnds = new ArrayList<>();
    private long clockStartNs = System.nanoTime();
    private long trainStartNs = Long.MAX_VALUE;
    private long trainEndNs = Long.MIN_VALUE;

    /**
     * A clock with items that has ended.
     *
     * @param timeNs      when
     * @param items       of it
     * @param loss        reported with them
     * @param testSamples held-out data that was reported
     * @param testLoss    reported with it
     */
    record ClockEnd(long timeNs, long items, double loss, long testSamples, double testLoss) {
    }

    SharedMemoryWorker(final SharedMemoryJob job, final int index) {
        this.job = job;
        this.index = index;
    }

    /** Bytes between two rows: those of the worker caches that this is held against. */
    static long stride(final TableSpec spec) {
        return (spec.rowBytes() + Memory.CACHE_LINE - 1L) & -Memory.CACHE_LINE;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int workers() {
        return job.workers();
    }

    @Override
    public long currentClock() {
        return clock;
    }

    @Override
    public Table createTable(final TableSpec spec) {
        final SharedMemoryJob.SharedTable shared = job.table(spec);
        final int id = shared.table().id();
        if (id >= memories.length) {
            memories = Arrays.copyOf(memories, id + 1);
            flyweights = Arrays.copyOf(flyweights, id + 1);
            strides = Arrays.copyOf(strides, id + 1);
        }
        memories[id] = shared.memory();
        flyweights[id] = new Row(spec);
        strides[id] = stride(spec);
        return shared.table();
    }

    @Override
    public Row get(final Table table, final long row) {
        final Consistency consistency = table.spec().consistency();
        if (consistency.isClocked()) {
            pass(consistency.staleness());
        }
        return row(table, row);
    }

    @Override
    public Row get(final Table table, final long row, final int staleness) {
        pass(staleness);
        return row(table, row);
    }

    /** What is written is there for all at once. */
    @Override
    public Row edit(final Table table, final long row) {
        return get(table, row);
    }

    /** Nothing has to be opened. */
    @Override
    public void edit(final Table table, final long[] rows, final int count) {
    }

    private void pass(final int staleness) {
        if (minimumClock < clock - staleness) {
            minimumClock = job.await(clock - staleness);
        }
    }

    private Row row(final Table table, final long row) {
        return flyweights[table.id()].wrap(memories[table.id()], offset(table, row), row, minimumClock);
    }

    private long offset(final Table table, final long row) {
        return Objects.checkIndex(row, table.spec().rows()) * strides[table.id()];
    }

    @Override
    public void inc(final Table table, final long row, final MemorySegment delta, final long offset) {
        RowKernels.BEST.add(table.spec().type(), memories[table.id()], offset(table, row), delta, offset,
                table.spec().columns());
    }

    @Override
    public void inc(final Table table, final long row, final int column, final double delta) {
        final long at = element(table, row, column);
        final MemorySegment memory = memories[table.id()];
        switch (table.spec().type()) {
            case F32 -> memory.set(ValueLayout.JAVA_FLOAT, at, memory.get(ValueLayout.JAVA_FLOAT, at) + (float) delta);
            case F64 -> memory.set(ValueLayout.JAVA_DOUBLE, at, memory.get(ValueLayout.JAVA_DOUBLE, at) + delta);
            case I32, I64 -> throw new IllegalArgumentException("table " + table.spec().name() + " holds integers");
        }
    }

    @Override
    public void inc(final Table table, final long row, final int column, final long delta) {
        final long at = element(table, row, column);
        final MemorySegment memory = memories[table.id()];
        switch (table.spec().type()) {
            case F32, F64 -> inc(table, row, column, (double) delta);
            case I32 -> memory.set(ValueLayout.JAVA_INT, at, memory.get(ValueLayout.JAVA_INT, at) + (int) delta);
            case I64 -> memory.set(ValueLayout.JAVA_LONG, at, memory.get(ValueLayout.JAVA_LONG, at) + delta);
        }
    }

    private long element(final Table table, final long row, final int column) {
        return offset(table, row) + (long) Objects.checkIndex(column, table.spec().columns())
                * table.spec().type().bytes();
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final float[] deltas, final int count) {
        for (int i = 0; i < count; i++) {
            inc(table, row, columns[i], (double) deltas[i]);
        }
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final double[] deltas, final int count) {
        for (int i = 0; i < count; i++) {
            inc(table, row, columns[i], deltas[i]);
        }
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final long[] deltas, final int count) {
        for (int i = 0; i < count; i++) {
            inc(table, row, columns[i], deltas[i]);
        }
    }

    /** Every row is here already. */
    @Override
    public void refresh(final Table table, final long row) {
    }

    /** Every row is here already. */
    @Override
    public void refresh(final Table table, final long row, final Refresh how) {
    }

    /** Every row is here already. */
    @Override
    public void refresh(final Table table, final long row, final int staleness) {
    }

    @Override
    public void clock() {
        final long now = System.nanoTime();
        if (itemsOfClock > 0) {
            trainStartNs = Math.min(trainStartNs, clockStartNs);
            trainEndNs = now;
            items += itemsOfClock;
            clockEnds.add(new ClockEnd(now, itemsOfClock, lossOfClock, testSamplesOfClock, testLossOfClock));
            itemsOfClock = 0;
            lossOfClock = 0;
            testSamplesOfClock = 0;
            testLossOfClock = 0;
        }
        clockStartNs = now;
        job.clock(index, ++clock);
    }

    @Override
    public void report(final long itemCount, final double loss, final long samples) {
        itemsOfClock += itemCount;
        lossOfClock += loss;
    }

    @Override
    public void reportTest(final double loss, final long samples) {
        testLossOfClock += loss;
        testSamplesOfClock += samples;
    }

    @Override
    public void conclude(final JobResult result) {
        job.conclude(result);
    }

    /** Clocks with items, in order. */
    List<ClockEnd> clockEnds() {
        return clockEnds;
    }

    /** Items reported in clocks that have ended. */
    long items() {
        return items;
    }

    /** When the first clock with items began; {@link Long#MAX_VALUE} if none did. */
    long trainStartNs() {
        return trainStartNs;
    }

    /** When the last clock with items ended; {@link Long#MIN_VALUE} if none did. */
    long trainEndNs() {
        return trainEndNs;
    }
}
