package io.rubato.learn.mf;

import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a worker knows of its own users, and after them of one user that nobody knows. Factors lie off-heap, each row on
 * cache lines of its own; what there is one of per user lies together. Numbers of users and addresses are not checked.
 */
final class UserRows {
    private static final int ALIGNMENT = 64;
    // What there is one of per user, bytes.
    private static final int BIAS = 0;
    private static final int DAMPING = 4;
    private static final int LAMBDA = 8;
    static final long SCALARS = 16;
    // Aligned, but that need not be checked at each access.
    private static final ValueLayout.OfFloat SCALAR = ValueLayout.JAVA_FLOAT_UNALIGNED;

    final float rate;
    /** Address of the first user's factors. A loop keeps it in a register if it has copied it to a local. */
    final long rows;
    /** Bytes from one user's factors to the next's. */
    final long stride;
    /** Address of what there is one of for the first user, {@value #SCALARS} bytes for each. */
    final long scalars;
    private final MemorySegment factors;
    private final int rank;

    /** All zeros, but D is 1. Freed with the arena. */
    UserRows(final int count, final int rank, final float rate, final Arena arena) {
        this.rate = rate;
        this.rank = rank;
        stride = Math.max(ALIGNMENT, (4L * rank + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        factors = arena.allocate(stride * (count + 1), ALIGNMENT);
        rows = factors.address();
        scalars = arena.allocate(SCALARS * (count + 1), ALIGNMENT).address();
        for (int user = 0; user <= count; user++) {
            Memory.ALL.set(SCALAR, scalars + SCALARS * user + DAMPING, 1);
        }
    }

    /** Bytes of memory per user that training touches. */
    static long bytes(final int rank) {
        return 4L * rank + SCALARS;
    }

    /** Where a user's factors are, in all of memory. */
    long address(final int user) {
        return rows + stride * user;
    }

    MemorySegment factors(final int user) {
        return factors.asSlice(stride * user, stride);
    }

    float bias(final int user) {
        return biasAt(scalars + SCALARS * user);
    }

    /** D_u. */
    float damping(final int user) {
        return dampingAt(scalars + SCALARS * user);
    }

    /** lambda_u. */
    float lambda(final int user) {
        return lambdaAt(scalars + SCALARS * user);
    }

    void lambda(final int user, final float lambda) {
        Memory.ALL.set(SCALAR, scalars + SCALARS * user + LAMBDA, lambda);
    }

    static float biasAt(final long address) {
        return Memory.ALL.get(SCALAR, address + BIAS);
    }

    static float dampingAt(final long address) {
        return Memory.ALL.get(SCALAR, address + DAMPING);
    }

    static float lambdaAt(final long address) {
        return Memory.ALL.get(SCALAR, address + LAMBDA);
    }

    static void updateAt(final long address, final float bias, final float damping) {
        Memory.ALL.set(SCALAR, address + BIAS, bias);
        Memory.ALL.set(SCALAR, address + DAMPING, damping);
    }

    /** Writes a row {@code [factors, bias]}. */
    void copy(final int user, final MemorySegment row) {
        MemorySegment.copy(factors, stride * user, row, 0, 4L * rank);
        row.set(ValueLayout.JAVA_FLOAT, 4L * rank, bias(user));
    }
}
