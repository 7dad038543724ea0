package io.rubato.learn.mf;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** One factor at a time. */
final class ScalarSgdKernel implements SgdKernel {
    private final int rank;
    private final float rate;

    ScalarSgdKernel(final int rank, final float rate) {
        this.rank = rank;
        this.rate = rate;
    }

    @Override
    public float error(final MemorySegment user, final long userOffset, final MemorySegment item, final long itemOffset,
            final float target) {
        float dot = 0;
        for (int k = 0; k < rank; k++) {
            dot = Math.fma(at(user, userOffset, k), at(item, itemOffset, k), dot);
        }
        return target - at(user, userOffset, rank) - at(item, itemOffset, rank) - dot;
    }

    @Override
    public float step(final MemorySegment user, final long userOffset, final MemorySegment item, final long itemOffset,
            final MemorySegment delta, final float target, final float userShrink, final float itemRate,
            final float itemShrink) {
        final float error = error(user, userOffset, item, itemOffset, target);
        final float step = rate * error;
        final float itemStep = itemRate * error;
        final float keep = 1 - userShrink;
        for (int k = 0; k < rank; k++) {
            final float p = at(user, userOffset, k);
            final float q = at(item, itemOffset, k);
            user.set(JAVA_FLOAT, userOffset + 4L * k, Math.fma(p, keep, q * step));
            delta.set(JAVA_FLOAT, 4L * k, Math.fma(q, -itemShrink, p * itemStep));
        }
        user.set(JAVA_FLOAT, userOffset + 4L * rank,
                Math.fma(at(user, userOffset, rank), 1 - BIAS_SHARE * userShrink, step));
        delta.set(JAVA_FLOAT, 4L * rank, Math.fma(at(item, itemOffset, rank), -BIAS_SHARE * itemShrink, itemStep));
        return error;
    }

    private static float at(final MemorySegment row, final long offset, final int column) {
        return row.get(JAVA_FLOAT, offset + 4L * column);
    }
}
