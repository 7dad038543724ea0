package io.rubato.clock;

/**
 * For each worker the number k such that all its deltas stamped less than k are applied here; and the smallest of them,
 * the minimum clock m. Used by one thread.
 */
public final class VectorClock {
    /** The entry of a worker that will make no more deltas. */
    public static final long RETIRED = Long.MAX_VALUE;

    private final long[] clocks;
    private long minimum;
    private int atMinimum;
    private int slowest;

    /**
     * All workers at 0.
     *
     * @param workers at least 1
     */
    public VectorClock(final int workers) {
        clocks = new long[workers];
        atMinimum = workers;
    }

    /**
     * Number of entries.
     *
     * @return workers
     */
    public int workers() {
        return clocks.length;
    }

    /**
     * One entry.
     *
     * @param worker index
     * @return its k, or {@link #RETIRED}
     */
    public long get(final int worker) {
        return clocks[worker];
    }

    /**
     * Advances one worker; an older value changes nothing.
     *
     * @param worker index
     * @param clock  its k
     * @return whether the minimum clock rose
     */
    public boolean advance(final int worker, final long clock) {
        final long before = clocks[worker];
        if (clock <= before) {
            return false;
        }
        clocks[worker] = clock;
        if (before != minimum) {
            return false;
        }
        if (--atMinimum > 0) {
            if (worker == slowest) {
                slowest = nextAtMinimum();
            }
            return false;
        }
        findMinimum();
        return true;
    }

    /**
     * The minimum clock m: every row here holds every delta stamped less than m.
     *
     * @return m, or {@link #RETIRED} when every worker has retired
     */
    public long minimum() {
        return minimum;
    }

    /**
     * A worker at the minimum clock.
     *
     * @return the lowest index of those
     */
    public int slowest() {
        return slowest;
    }

    private void findMinimum() {
        minimum = RETIRED;
        for (int i = 0; i < clocks.length; i++) {
            if (clocks[i] < minimum || i == 0) {
                minimum = clocks[i];
                slowest = i;
                atMinimum = 0;
            }
            if (clocks[i] == minimum) {
                atMinimum++;
            }
        }
    }

    /** Those before the slowest have left the minimum already. */
    private int nextAtMinimum() {
        int i = slowest;
        while (clocks[i] != minimum) {
            i++;
        }
        return i;
    }
}
