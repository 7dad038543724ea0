package io.rubato.client;

import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What rounding to bf16 has left out of one worker's deltas so far, per row of one table. Memory comes in chunks of
 * rows, when a row of the chunk is rounded first. Used by the worker's thread.
 */
final class Residuals {
    private static final long CHUNK_BYTES = 1 << 16;

    private final int columns;
    private final long rowBytes;
    private final int chunkShift;
    private final Arena arena;
    private final MemorySegment[] chunks;

    Residuals(final TableSpec spec, final Arena arena) {
        this.columns = spec.columns();
        this.rowBytes = spec.rowBytes();
        this.arena = arena;
        this.chunkShift = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, CHUNK_BYTES / rowBytes));
        this.chunks = new MemorySegment[(int) (spec.rows() - 1 >>> chunkShift) + 1];
    }

    /** A hint that a delta to a row is rounded soon; for its result see {@link Memory#prefetch}. */
    long prefetch(final int row) {
        return chunks[row >>> chunkShift] == null ? 0 : Memory.prefetch(address(row), rowBytes);
    }

    /** Rounds a delta together with what is left of those before it. */
    void round(final int row, final long delta) {
        final int chunk = row >>> chunkShift;
        if (chunks[chunk] == null) {
            chunks[chunk] = arena.allocate(rowBytes << chunkShift, 64);
        }
        AddressKernels.BEST.roundWithResidual(delta, address(row), columns);
    }

    /** Adds what is left of a row's deltas to the copy of the row at an address. */
    void addTo(final int row, final long target) {
        if (chunks[row >>> chunkShift] != null) {
            AddressKernels.BEST.add(ElementType.F32, target, address(row), columns);
        }
    }

    boolean isZero(final int row) {
        if (chunks[row >>> chunkShift] == null) {
            return true;
        }
        final long address = address(row);
        for (int column = 0; column < columns; column++) {
            if (Memory.ALL.get(ValueLayout.JAVA_FLOAT, address + 4L * column) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Moves what is left of a row's deltas elsewhere; not before the row has been rounded once. */
    void moveTo(final int row, final long target) {
        final MemorySegment source = Memory.ALL.asSlice(address(row), rowBytes);
        MemorySegment.copy(source, 0, Memory.ALL, target, rowBytes);
        source.fill((byte) 0);
    }

    private long address(final int row) {
        return chunks[row >>> chunkShift].address() + (row & (1L << chunkShift) - 1) * rowBytes;
    }
}
