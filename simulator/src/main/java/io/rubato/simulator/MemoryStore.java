package io.rubato.simulator;

import io.rubato.TableSpec;
import io.rubato.kernel.RowKernels;
import io.rubato.port.RowStore;
import io.rubato.simulator.check.WholeNumbers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows in plain off-heap memory that belongs to the simulation: they outlive their shard, to be checked. */
final class MemoryStore implements RowStore {
    private final TableSpec spec;
    private final MemorySegment rows;

    MemoryStore(final TableSpec spec, final int count, final Arena arena) {
        this.spec = spec;
        this.rows = arena.allocate((long) count * spec.rowBytes(), 64);
    }

    @Override
    public void add(final int row, final MemorySegment delta, final long offset) {
        RowKernels.BEST.add(spec.type(), rows, at(row), delta, offset, spec.columns());
    }

    @Override
    public void addBf16(final int row, final MemorySegment delta, final long offset) {
        RowKernels.BEST.addBf16(rows, at(row), delta, offset, spec.columns());
    }

    @Override
    public void addSparse(final int row, final MemorySegment columns, final long columnOffset,
            final MemorySegment values, final long valueOffset, final int count) {
        final int bytes = spec.type().bytes();
        for (int i = 0; i < count; i++) {
            final int column = columns.get(ValueLayout.JAVA_INT_UNALIGNED, columnOffset + 4L * i);
            RowKernels.BEST.add(spec.type(), rows, at(row) + (long) column * bytes, values,
                    valueOffset + (long) i * bytes, 1);
        }
    }

    @Override
    public void read(final int row, final MemorySegment target, final long offset) {
        MemorySegment.copy(rows, at(row), target, offset, spec.rowBytes());
    }

    @Override
    public void readBf16(final int row, final MemorySegment target, final long offset) {
        RowKernels.BEST.roundToBf16(target, offset, rows, at(row), spec.columns());
    }

    /** An element of an audited table. */
    long element(final int row, final int column) {
        return WholeNumbers.get(spec, rows, at(row), column);
    }

    @Override
    public void minimumClock(final long clock) {
        // No other process maps it.
    }

    @Override
    public void appliedSequence(final int client, final long sequence) {
        // No other process maps it.
    }

    @Override
    public void close() {
        // The simulation frees it.
    }

    private long at(final int row) {
        return (long) row * spec.rowBytes();
    }
}
