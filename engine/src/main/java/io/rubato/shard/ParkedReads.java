package io.rubato.shard;

import io.rubato.clock.Gate;
import io.rubato.clock.VectorClock;

/**
 * The reads whose gate is closed, listed by whom they wait for: those that look at a sample by a worker of it, all
 * others by the minimum clock. So an advance looks only at reads that it may let through.
 */
final class ParkedReads {
    private final VectorClock clocks;
    private final ParkedRead[] byLaggard;
    private ParkedRead byMinimum;

    ParkedReads(final VectorClock clocks) {
        this.clocks = clocks;
        this.byLaggard = new ParkedRead[clocks.workers()];
    }

    /** Lets a read through if its gate is open, or parks it. */
    void admit(final ParkedRead read) {
        final int laggard = read.laggard(clocks);
        if (laggard == Gate.NOBODY) {
            read.client().letThrough(read, clocks.minimum());
        } else if (read.isSampled()) {
            read.successor = byLaggard[laggard];
            byLaggard[laggard] = read;
        } else {
            read.successor = byMinimum;
            byMinimum = read;
        }
    }

    /** A worker's clock has advanced. */
    void release(final int worker, final boolean minimumRose) {
        final ParkedRead sampled = byLaggard[worker];
        byLaggard[worker] = null;
        admitAll(sampled);
        if (minimumRose) {
            final ParkedRead others = byMinimum;
            byMinimum = null;
            admitAll(others);
        }
    }

    /** In the order in which they were parked: the list begins with the last. */
    private void admitAll(final ParkedRead last) {
        ParkedRead read = reverse(last);
        while (read != null) {
            final ParkedRead following = read.successor;
            read.successor = null;
            admit(read);
            read = following;
        }
    }

    private static ParkedRead reverse(final ParkedRead last) {
        ParkedRead read = last;
        ParkedRead reversed = null;
        while (read != null) {
            final ParkedRead following = read.successor;
            read.successor = reversed;
            reversed = read;
            read = following;
        }
        return reversed;
    }
}
