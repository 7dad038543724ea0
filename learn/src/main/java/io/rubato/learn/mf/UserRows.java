package io.rubato.learn.mf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a worker knows of its own users, and after them of one user that nobody knows. Factors lie off-heap, each row on
 * cache lines of its own; what there is one of per user lies together.
 */
final class UserRows {
    private static final int ALIGNMENT = 64;
    /** Power of two: elements per user in {@link #scalars}. */
    private static final int SHIFT = 2;
    private static final int BIAS = 0;
    private static final int SQUARES = 1;
    private static final int LAMBDA = 2;

    final float rate;
    private final MemorySegment factors;
    private final long base;
    private final long stride;
    private final int rank;
    private final float[] scalars;

    /** All zeros. Freed with the arena. */
    UserRows(final int count, final int rank, final float rate, final Arena arena) {
        this.rate = rate;
        this.rank = rank;
        stride = Math.max(ALIGNMENT, (4L * rank + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        factors = arena.allocate(stride * (count + 1), ALIGNMENT);
        base = factors.address();
        scalars = new float[count + 1 << SHIFT];
    }

    /** Bytes of memory per user that training touches. */
    static long bytes(final int rank) {
        return 4L * rank + (4L << SHIFT);
    }

    /** Where a user's factors are, in all of memory. */
    long address(final int user) {
        return base + stride * user;
    }

    MemorySegment factors(final int user) {
        return factors.asSlice(stride * user, stride);
    }

    float bias(final int user) {
        return scalars[(user << SHIFT) + BIAS];
    }

    /** G_u. */
    float squares(final int user) {
        return scalars[(user << SHIFT) + SQUARES];
    }

    /** lambda_u. */
    float lambda(final int user) {
        return scalars[(user << SHIFT) + LAMBDA];
    }

    void lambda(final int user, final float lambda) {
        scalars[(user << SHIFT) + LAMBDA] = lambda;
    }

    void update(final int user, final float bias, final float squares) {
        scalars[(user << SHIFT) + BIAS] = bias;
        scalars[(user << SHIFT) + SQUARES] = squares;
    }

    /** Writes a row {@code [factors, bias]}. */
    void copy(final int user, final MemorySegment row) {
        MemorySegment.copy(factors, stride * user, row, 0, 4L * rank);
        row.set(ValueLayout.JAVA_FLOAT, 4L * rank, bias(user));
    }
}
