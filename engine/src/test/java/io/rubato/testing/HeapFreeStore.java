package io.rubato.testing;

import io.rubato.TableSpec;
import io.rubato.kernel.RowKernels;
import io.rubato.port.RowStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows in plain off-heap memory, for tests. */
public final class HeapFreeStore implements RowStore {
    private final TableSpec spec;
    private final MemorySegment rows;

    /**
     * All zero.
     *
     * @param spec  of the table
     * @param count rows
     */
    public HeapFreeStore(final TableSpec spec, final int count) {
        this.spec = spec;
        this.rows = Arena.ofAuto().allocate((long) count * spec.rowBytes(), 64);
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

    @Override
    public void minimumClock(final long clock) {
    }

    @Override
    public void appliedSequence(final int client, final long sequence) {
    }

    @Override
    public void close() {
    }

    private long at(final int row) {
        return (long) row * spec.rowBytes();
    }
}
