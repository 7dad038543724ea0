package io.rubato.kernel;

import io.rubato.ElementType;
import java.lang.foreign.MemorySegment;

/**
 * Arithmetic on rows. Segments are off-heap and in native byte order; offsets are in bytes and need no alignment;
 * {@code n} counts elements and may be 0. Source and target do not overlap unless they are the same row. Stateless;
 * safe for all threads. Each call checks its segments once, as {@link Memory#address} does.
 */
public interface RowKernels {
    /** The fastest implementation this JVM offers. */
    RowKernels BEST = new SegmentKernels(AddressKernels.BEST);

    /**
     * Whether this JVM and CPU offer vectors, and {@link #BEST} uses them.
     *
     * @return false if rows are worked on one element at a time, for a reason that was printed once
     */
    static boolean areVectors() {
        return !(AddressKernels.BEST instanceof ScalarKernels);
    }

    /**
     * Adds a row to another: {@code target[i] += source[i]}, in the order of i.
     *
     * @param type         of both rows
     * @param target       changed
     * @param targetOffset of element 0
     * @param source       read
     * @param sourceOffset of element 0
     * @param n            elements
     */
    void add(ElementType type, MemorySegment target, long targetOffset, MemorySegment source, long sourceOffset, int n);

    /**
     * Subtracts a row from another and puts the difference in its place: {@code target[i] = source[i] - target[i]}. A
     * second time restores the target, up to rounding.
     *
     * @param type         of both rows
     * @param target       changed
     * @param targetOffset of element 0
     * @param source       read
     * @param sourceOffset of element 0
     * @param n            elements
     */
    void subtractFrom(ElementType type, MemorySegment target, long targetOffset, MemorySegment source,
            long sourceOffset, int n);

    /**
     * Inner product of F32 rows. The order of addition depends on the CPU's vectors and the JVM's flags only:
     * interpreted and compiled code give the same bits.
     *
     * @param a       read
     * @param aOffset of element 0
     * @param b       read
     * @param bOffset of element 0
     * @param n       elements
     * @return the sum of {@code a[i] * b[i]}
     */
    float dot(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n);

    /**
     * Finds what is not 0 in an I32 row: counts of rare things are 0 in most columns.
     *
     * @param row     read
     * @param offset  of element 0
     * @param n       elements
     * @param columns written from 0 on, with rising indexes; not shorter than n; what follows up to n is spoilt
     * @return how many are not 0
     * @throws IndexOutOfBoundsException if {@code columns} is shorter than n
     */
    int nonZeroInts(MemorySegment row, long offset, int n, int[] columns);

    /**
     * Adds a multiple of an F32 row: {@code y[i] += alpha * x[i]}, fused where the hardware does.
     *
     * @param alpha   factor
     * @param x       read
     * @param xOffset of element 0
     * @param y       changed
     * @param yOffset of element 0
     * @param n       elements
     */
    void axpy(float alpha, MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n);
}
