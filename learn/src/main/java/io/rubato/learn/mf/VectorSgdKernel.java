package io.rubato.learn.mf;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** As many factors at a time as a vector register holds, at most 16; what is left over one at a time. */
final class VectorSgdKernel implements SgdKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() > 16
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private final int rank;
    private final int vectorized;
    private final float rate;

    VectorSgdKernel(final int rank, final float rate) {
        this.rank = rank;
        this.rate = rate;
        vectorized = SPECIES.loopBound(rank);
    }

    @Override
    public float error(final MemorySegment user, final long userOffset, final MemorySegment item, final long itemOffset,
            final float target) {
        FloatVector products = FloatVector.zero(SPECIES);
        int k = 0;
        for (; k < vectorized; k += LANES) {
            final FloatVector p = FloatVector.fromMemorySegment(SPECIES, user, userOffset + 4L * k, ORDER);
            final FloatVector q = FloatVector.fromMemorySegment(SPECIES, item, itemOffset + 4L * k, ORDER);
            products = p.fma(q, products);
        }
        float dot = sum(products);
        for (; k < rank; k++) {
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
        final FloatVector keepAll = FloatVector.broadcast(SPECIES, keep);
        final FloatVector stepAll = FloatVector.broadcast(SPECIES, step);
        final FloatVector loseAll = FloatVector.broadcast(SPECIES, -itemShrink);
        final FloatVector itemStepAll = FloatVector.broadcast(SPECIES, itemStep);
        int k = 0;
        for (; k < vectorized; k += LANES) {
            final FloatVector p = FloatVector.fromMemorySegment(SPECIES, user, userOffset + 4L * k, ORDER);
            final FloatVector q = FloatVector.fromMemorySegment(SPECIES, item, itemOffset + 4L * k, ORDER);
            p.fma(keepAll, q.mul(stepAll)).intoMemorySegment(user, userOffset + 4L * k, ORDER);
            q.fma(loseAll, p.mul(itemStepAll)).intoMemorySegment(delta, 4L * k, ORDER);
        }
        for (; k < rank; k++) {
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

    /**
     * reduceLanes(ADD) leaves the order open: interpreted and compiled code differ in the last bits. Here it is
     * fixed.
     */
    private static float sum(final FloatVector lanes) {
        FloatVector sum = lanes;
        if (LANES > 8) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (LANES > 4) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        if (LANES > 2) {
            sum = sum.add(sum.rearrange(BY_2));
        }
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    private static VectorShuffle<Float> rotation(final int lanes) {
        return VectorShuffle.iota(SPECIES, lanes, 1, true);
    }

    private static float at(final MemorySegment row, final long offset, final int column) {
        return row.get(JAVA_FLOAT, offset + 4L * column);
    }
}
