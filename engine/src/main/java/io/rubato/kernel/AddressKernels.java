package io.rubato.kernel;

import io.rubato.ElementType;

/**
 * Arithmetic on rows, which are told by absolute addresses, those of {@link Memory#ALL}. Nothing is checked: whoever
 * makes an address has seen to it that so much off-heap memory lies there, and stays until the call is over. Addresses
 * need no alignment; {@code n}, the number of elements, is at least 0. Source and target do not overlap unless they are
 * the same row. Stateless; safe for all threads.
 */
public interface AddressKernels {
    /** The fastest implementation this JVM offers. */
    AddressKernels BEST = KernelSelection.best();

    /**
     * {@code target[i] += source[i]}, in the order of i.
     *
     * @param type   of both rows
     * @param target address of element 0; changed
     * @param source address of element 0
     * @param n      elements
     */
    void add(ElementType type, long target, long source, int n);

    /**
     * Adds one row to two others, reading it once: what a worker's delta log and cache need.
     *
     * @param type   of the rows
     * @param a      address of element 0; changed
     * @param b      address of element 0; changed
     * @param source address of element 0
     * @param n      elements
     */
    void addToBoth(ElementType type, long a, long b, long source, int n);

    /**
     * {@code target[i] = source[i] - target[i]}. A second time restores the target, up to rounding.
     *
     * @param type   of both rows
     * @param target address of element 0; changed
     * @param source address of element 0
     * @param n      elements
     */
    void subtractFrom(ElementType type, long target, long source, int n);

    /**
     * Inner product of F32 rows.
     *
     * @param a address of element 0
     * @param b address of element 0
     * @param n elements
     * @return the sum of {@code a[i] * b[i]}, in an order that depends on the CPU's vectors and the JVM's flags only:
     *         interpreted and compiled code give the same bits
     */
    float dot(long a, long b, int n);

    /**
     * Finds what is not 0 in an I32 row: counts of rare things are 0 in most columns.
     *
     * @param row     address of element 0
     * @param n       elements
     * @param columns written from 0 on, with rising indexes; not shorter than n; what follows up to n is spoilt
     * @return how many are not 0
     */
    int nonZeroInts(long row, int n, int[] columns);

    /**
     * {@code y[i] += alpha * x[i]} of F32 rows, fused where the hardware does.
     *
     * @param alpha factor
     * @param x     address of element 0
     * @param y     address of element 0; changed
     * @param n     elements
     */
    void axpy(float alpha, long x, long y, int n);

    /**
     * Copies a row to memory that does not overlap it, in fewer instructions than a copy of any length takes: more
     * copies overlap where rows come from memory.
     *
     * @param target address of the first byte
     * @param source address of the first byte
     * @param bytes  of the row, a multiple of 4
     */
    void copy(long target, long source, int bytes);

    /**
     * Rounds an F32 row to bf16, the upper halves of its floats: to nearest, ties to even. What is finite stays finite,
     * what is not a number stays none.
     *
     * @param target address of element 0, 2 bytes each
     * @param source address of element 0, 4 bytes each
     * @param n      elements
     */
    void roundToBf16(long target, long source, int n);

    /**
     * Copies a bf16 row to an F32 row; exact.
     *
     * @param target address of element 0, 4 bytes each
     * @param source address of element 0, 2 bytes each
     * @param n      elements
     */
    void widenBf16(long target, long source, int n);

    /**
     * Adds a bf16 row to an F32 row.
     *
     * @param target address of element 0, 4 bytes each; changed
     * @param source address of element 0, 2 bytes each
     * @param n      elements
     */
    void addBf16(long target, long source, int n);

    /**
     * Rounds an F32 row to values that bf16 holds and keeps what that leaves out, exactly: with {@code v = row[i] +
     * residual[i]}, puts v rounded as by {@link #roundToBf16} into {@code row[i]}, and the rest of v, or 0 if v is not
     * finite, into {@code residual[i]}.
     *
     * @param row      address of element 0; changed
     * @param residual address of element 0; changed
     * @param n        elements
     */
    void roundWithResidual(long row, long residual, int n);
}
