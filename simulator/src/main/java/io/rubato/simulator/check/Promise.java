package io.rubato.simulator.check;

import io.rubato.Consistency;

/**
 * What a consistency model promises of a read, worked out here once more and not by the engine's own gate, so that a
 * mistake there is not one here too.
 */
public final class Promise {
    /** The bound of a read that has none of its own. */
    public static final int TABLE_BOUND = -1;

    private Promise() {
    }

    /**
     * The k of a read: it holds all deltas of all workers stamped less than k, and all workers have reached k when it
     * returns.
     *
     * @param consistency of the table
     * @param bound       of this read, or {@link #TABLE_BOUND}
     * @param clock       c, of the reader
     * @param workers     of the job
     * @return k; 0 if nothing is promised for all workers
     */
    public static long ofAll(final Consistency consistency, final int bound, final long clock, final int workers) {
        if (bound != TABLE_BOUND) {
            return Math.max(0, clock - bound);
        }
        return switch (consistency.model()) {
            case BSP -> clock;
            case SSP, ESSP, DSSP -> Math.max(0, clock - consistency.staleness());
            case PBSP, PSSP -> asksAll(consistency, workers) ? Math.max(0, clock - consistency.staleness()) : 0;
            case ASP, VAP -> 0;
        };
    }

    private static boolean asksAll(final Consistency consistency, final int workers) {
        return consistency.sample() > 0 && consistency.sample() >= workers - 1;
    }

    /**
     * Of how many workers other than the reader a read holds all deltas stamped less than {@link #ofSome}.
     *
     * @param consistency of the table
     * @param bound       of this read, or {@link #TABLE_BOUND}
     * @param workers     of the job
     * @return b, less than all others; 0 if the model does not sample
     */
    public static int sample(final Consistency consistency, final int bound, final int workers) {
        return bound == TABLE_BOUND && !asksAll(consistency, workers) ? consistency.sample() : 0;
    }

    /**
     * How much of a worker's deltas to an element readers may miss under VAP, unless one delta alone is more.
     *
     * @param consistency of the table
     * @param clock       of the worker that adds
     * @return v or v / sqrt(c + 1); 0 if the model has no such bound
     */
    public static double valueBound(final Consistency consistency, final long clock) {
        return consistency.isDecaying() ? consistency.valueBound() / Math.sqrt(clock + 1.0) : consistency.valueBound();
    }

    /**
     * The k of a read that a sample of the workers has let through.
     *
     * @param consistency of the table
     * @param clock       c, of the reader
     * @return k
     */
    public static long ofSome(final Consistency consistency, final long clock) {
        return Math.max(0, clock - consistency.staleness());
    }
}
