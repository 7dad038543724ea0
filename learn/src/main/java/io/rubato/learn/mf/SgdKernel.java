package io.rubato.learn.mf;

import java.lang.System.Logger;
import java.lang.foreign.MemorySegment;

/**
 * The arithmetic of one rating. A row is {@code [factors 0..rank-1, bias]} in F32, off-heap, in native byte order. With p, b_u of the user, q, b_i
 * of the item, and target = rating - mean:
 *
 * <pre>
 * e = target - b_u - b_i - p.q
 * p += rate * (e*q - lambda*p)        q += rate * (e*p - lambda*q)
 * b_u += rate * (e - lambda*b_u)      b_i += rate * (e - lambda*b_i)
 * </pre>
 *
 * <p>An implementation gives the same bits for the same input at all times, interpreted or compiled. Stateless; safe for all threads.
 */
interface SgdKernel {
    /** The error e of the prediction. */
    float error(MemorySegment user, long userOffset, MemorySegment item, long itemOffset, float target);

    /** Changes the user's row in place, writes what the item's row is to change by to {@code delta} at 0, and returns e of before. */
    float step(MemorySegment user, long userOffset, MemorySegment item, long itemOffset, MemorySegment delta,
            float target);

    /** The fastest kernel that this JVM offers. */
    static SgdKernel best(final int rank, final float rate, final float lambda) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            return new VectorSgdKernel(rank, rate, lambda);
        }
        System.getLogger(SgdKernel.class.getName()).log(Logger.Level.WARNING,
                "training without SIMD: start the JVM with --add-modules jdk.incubator.vector");
        return new ScalarSgdKernel(rank, rate, lambda);
    }
}
