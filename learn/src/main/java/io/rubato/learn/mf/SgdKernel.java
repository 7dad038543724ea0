package io.rubato.learn.mf;

import io.rubato.kernel.FloatLanes;
import io.rubato.kernel.RowKernels;

/**
 * The arithmetic of ratings. An item's row is {@code [factors 0..rank-1, bias]}, a user's the factors and zeros to the
 * end of its last 64 bytes, in F32, off-heap, in native byte order, named by absolute address. With p, b_u, D_u of the
 * user, q, b_i, D_i of the item, and target = rating - mean:
 *
 * <pre>
 * e = target - b_u - b_i - p.q
 * eta_u = rate_u / sqrt(D_u)                    eta_i = rate_i / sqrt(D_i)
 * p += eta_u*e*q - eta_u*lambda_u*p             q += eta_i*e*p - eta_i*lambda_i*q
 * b_u += eta_u*e - eta_u*lambda_u*b_u/8         b_i += eta_i*e - eta_i*lambda_i*b_i/8
 * D_u += e*e/PATIENCE                           D_i += growth*e*e/PATIENCE
 * </pre>
 *
 * where the right sides hold the values of before, D is 1 at first, and {@code eta*lambda} is at most 1. That is
 * AdaGrad with one accumulator per row, as LIBMF has it (Chin et al., PAKDD 2015), but of the squared errors: a
 * rating's gradient is the error times the other row, and rows differ far less than errors add up.
 *
 * <p>An implementation gives the same bits for the same input at all times, interpreted or compiled. For one
 * thread. Addresses are not checked.
 */
interface SgdKernel {
    /** Biases deviate from zero more than factors do, so they are held back less. */
    float BIAS_SHARE = 0.125f;

    /** So many squared errors it takes until a row's rate has fallen to 1/sqrt(2) of that of its first rating. */
    float PATIENCE = 64;

    /** The error e of the prediction. */
    float error(long user, float userBias, long item, float target);

    /**
     * Changes rows in place by ratings {@code from} to {@code end - 1}, one after the other, all of one item.
     *
     * @param ratings with the numbers of their users
     * @param users   whose rows these are
     * @param item    where the item's row is
     * @param pace    of the item
     * @param number  the item's, in {@code pace}
     * @return the sum of e*e
     */
    double train(WorkerRatings ratings, int from, int end, UserRows users, long item, ItemPace pace, int number);

    /** The fastest kernel that this JVM offers. */
    static SgdKernel best(final int rank) {
        return RowKernels.areVectors() && FloatLanes.areFused() ? new VectorSgdKernel(rank) : new ScalarSgdKernel(rank);
    }

    /** eta of a row that is held back so much. */
    static float step(final float rate, final float damping) {
        return rate / (float) Math.sqrt(damping);
    }

    /** The part of itself that a row loses to the penalty of one rating. */
    static float pull(final float step, final float lambda) {
        final float pull = step * lambda;
        // Math.min looks at NaN, which is 1 here, and at -0 besides.
        return pull < 1 ? pull : 1;
    }
}
