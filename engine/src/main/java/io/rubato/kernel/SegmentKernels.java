package io.rubato.kernel;

import io.rubato.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Checks segments once per row, and works on their addresses. A record, whose field the compiler takes for a constant
 * where the record is one.
 *
 * @param kernels that do the work
 */
record SegmentKernels(AddressKernels kernels) implements RowKernels {
    @Override
    public void add(final ElementType type, final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        final long bytes = (long) n * type.bytes();
        kernels.add(type, Memory.writable(target, targetOffset, bytes), Memory.address(source, sourceOffset, bytes), n);
        keep(target, source);
    }

    @Override
    public void subtractFrom(final ElementType type, final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        final long bytes = (long) n * type.bytes();
        kernels.subtractFrom(type, Memory.writable(target, targetOffset, bytes),
                Memory.address(source, sourceOffset, bytes), n);
        keep(target, source);
    }

    @Override
    public float dot(final MemorySegment a, final long aOffset, final MemorySegment b, final long bOffset,
            final int n) {
        final long bytes = (long) n * Float.BYTES;
        final float dot = kernels.dot(Memory.address(a, aOffset, bytes), Memory.address(b, bOffset, bytes), n);
        keep(a, b);
        return dot;
    }

    @Override
    public int nonZeroInts(final MemorySegment row, final long offset, final int n, final int[] columns) {
        // Compiled, vectors are stored without a check.
        Objects.checkFromIndexSize(0, n, columns.length);
        final int found = kernels.nonZeroInts(Memory.address(row, offset, (long) n * Integer.BYTES), n, columns);
        Reference.reachabilityFence(row);
        return found;
    }

    @Override
    public void axpy(final float alpha, final MemorySegment x, final long xOffset, final MemorySegment y,
            final long yOffset, final int n) {
        final long bytes = (long) n * Float.BYTES;
        kernels.axpy(alpha, Memory.address(x, xOffset, bytes), Memory.writable(y, yOffset, bytes), n);
        keep(x, y);
    }

    /** Their memory must not be freed before the work on its addresses is done. */
    private static void keep(final MemorySegment a, final MemorySegment b) {
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
    }
}
