package io.rubato.learn.mf;

import java.lang.System.Logger;
import java.lang.foreign.MemorySegment;

/**
 * The arithmetic of one rating. A row is {@code [factors 0..rank-1, bias]} in F32, off-heap, in native byte order. With
 * p, b_u of the user, q, b_i of the item, and target = rating - mean:
 *
 * <pre>
 * e = target - b_u - b_i - p.q
 * p += rate*e*q - userShrink*p                  q += itemRate*e*p - itemShrink*q
 * b_u += rate*e - BIAS_SHARE*userShrink*b_u     b_i += itemRate*e - BIAS_SHARE*itemShrink*b_i
 * </pre>
 *
 * <p>An implementation gives the same bits for the same input at all times, interpreted or compiled. Stateless; safe
 * for all threads.
 */
interface SgdKernel {
    /** Biases deviate from zero more than factors do, so they are held back less. */
    float BIAS_SHARE = 0.125f;

    /** The error e of the prediction. */
    float error(MemorySegment user, long userOffset, MemorySegment item, long itemOffset, float target);

    /**
     * Changes the user's row in place, writes what the item's row is to change by to {@code delta} at 0, and returns
     * e of before.
     */
    float step(MemorySegment user, long userOffset, MemorySegment item, long itemOffset, MemorySegment delta,
            float target, float userShrink, float itemRate, float itemShrink);

    /** The fastest kernel that this JVM offers. */
    static SgdKernel best(final int rank, final float rate) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            return new VectorSgdKernel(rank, rate);
        }
        System.getLogger(SgdKernel.class.getName()).log(Logger.Level.WARNING,
                "training without SIMD: start the JVM with --add-modules jdk.incubator.vector");
        return new ScalarSgdKernel(rank, rate);
    }
}
