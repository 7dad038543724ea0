package io.rubato.clock;

import io.rubato.Consistency;

/**
 * The rule that lets a read go on, and the rule of how old a cached image may be; both are functions of clocks and a
 * {@link Consistency}.
 *
 * <p>Source: Ho et al. 2013, section 3: a read at clock c may use a row whose clock is at least c - s.
 */
public final class Gate {
    /** Asks for the table's own model instead of another staleness bound. */
    public static final int TABLE_BOUND = -1;

    private Gate() {
    }

    /**
     * The smallest minimum clock under which an image may serve a read: c - s under BSP and SSP, anything under ASP.
     *
     * @param consistency of the table
     * @param staleness   bound for this read, or {@link #TABLE_BOUND}
     * @param clock       c, of the reader
     * @return m such that an image with at least m is fresh; never negative, because every image has m at least 0
     */
    public static long freshness(final Consistency consistency, final int staleness, final long clock) {
        if (staleness != TABLE_BOUND) {
            return Math.max(0, clock - staleness);
        }
        return switch (consistency.model()) {
            case BSP, SSP -> Math.max(0, clock - consistency.staleness());
            case ASP -> 0;
        };
    }

    /**
     * Whether a read may go on.
     *
     * @param clocks      of all workers, as applied here
     * @param consistency of the table
     * @param staleness   bound for this read, or {@link #TABLE_BOUND}
     * @param clock       c, of the reader
     * @return true if it may
     */
    public static boolean isOpen(final VectorClock clocks, final Consistency consistency, final int staleness,
            final long clock) {
        return clocks.minimum() >= freshness(consistency, staleness, clock);
    }
}
