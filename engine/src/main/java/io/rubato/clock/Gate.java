package io.rubato.clock;

import io.rubato.Consistency;

/**
 * The rule that lets a read go on, and the rule of how old a cached image may be; both are functions of clocks and a
 * {@link Consistency}.
 *
 * <p>Source: Ho et al. 2013, section 3: a read at clock c may use a row whose clock is at least c - s. Over a sample of
 * the workers: Wang, Catterall and Mortier 2017.
 */
public final class Gate {
    /** Asks for the table's own model instead of another staleness bound. */
    public static final int TABLE_BOUND = -1;
    /** Says that the reader's client has asked the sampled peers itself. */
    public static final int ASKED_PEERS = -2;
    /** The gate is open. */
    public static final int NOBODY = -1;

    private Gate() {
    }

    /**
     * The smallest clock that an image must vouch for to serve a read: c - s; 0, which any image does, where clocks do
     * not matter.
     *
     * @param consistency of the table
     * @param staleness   bound for this read, or {@link #TABLE_BOUND} or {@link #ASKED_PEERS}
     * @param clock       c, of the reader
     * @return never negative, because every image has a minimum clock of at least 0
     */
    public static long freshness(final Consistency consistency, final int staleness, final long clock) {
        if (staleness >= 0) {
            return Math.max(0, clock - staleness);
        }
        return consistency.isClocked() ? Math.max(0, clock - consistency.staleness()) : 0;
    }

    /**
     * Whether a read looks at a drawn sample of the workers only.
     *
     * @param consistency of the table
     * @param staleness   bound for this read: a bound of its own looks at all workers
     * @return true if so
     */
    public static boolean isSampled(final Consistency consistency, final int staleness) {
        return staleness < 0 && consistency.isSampled();
    }

    /**
     * For whom a read must wait: the gate. One function for all models; they differ in whose clocks count and in how
     * high they must be.
     *
     * @param clocks of all workers, as applied here
     * @param sample those that count; null if all do
     * @param wanted the read's {@link #freshness}
     * @return a worker whose clock is lower, or {@link #NOBODY}: the read may go on
     */
    public static int laggard(final VectorClock clocks, final Sample sample, final long wanted) {
        if (sample != null) {
            return sample.laggard(clocks, wanted);
        }
        return isOpen(clocks.minimum(), wanted) ? NOBODY : clocks.slowest();
    }

    /**
     * The gate of a read that looks at all workers, where all that is known of them is their minimum clock.
     *
     * @param minimumClock m, as applied at the shard
     * @param wanted       the read's {@link #freshness}
     * @return whether the read may go on
     */
    public static boolean isOpen(final long minimumClock, final long wanted) {
        return minimumClock >= wanted;
    }
}
