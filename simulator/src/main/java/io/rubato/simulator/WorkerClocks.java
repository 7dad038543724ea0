package io.rubato.simulator;

import java.util.Arrays;

/** The true clock of every worker, known to nobody in the job. */
final class WorkerClocks {
    private final long[] clock;
    private final boolean[] retired;
    /** How many workers that have not retired are at a clock. */
    private int[] at = new int[64];
    private int active;
    private int minimum;
    private long leastRetired = Long.MAX_VALUE;

    WorkerClocks(final int workers) {
        clock = new long[workers];
        retired = new boolean[workers];
        active = workers;
        at[0] = workers;
    }

    long of(final int worker) {
        return clock[worker];
    }

    boolean hasRetired(final int worker) {
        return retired[worker];
    }

    long[] all() {
        return clock.clone();
    }

    /** Of all clocks. */
    long sum() {
        return Arrays.stream(clock).sum();
    }

    void advance(final int worker, final long to) {
        if (to >= at.length) {
            at = Arrays.copyOf(at, (int) Math.max(to + 1, 2L * at.length));
        }
        at[(int) clock[worker]]--;
        clock[worker] = to;
        at[(int) to]++;
        findMinimum();
    }

    void retire(final int worker) {
        retired[worker] = true;
        leastRetired = Math.min(leastRetired, clock[worker]);
        active--;
        at[(int) clock[worker]]--;
        findMinimum();
    }

    /** The smallest clock at which a worker has retired: of it there are no complete deltas stamped later. */
    long leastRetired() {
        return leastRetired;
    }

    private void findMinimum() {
        while (active > 0 && at[minimum] == 0) {
            minimum++;
        }
    }

    /** The smallest clock of all workers that have not retired; {@link Long#MAX_VALUE} if all have. */
    long minimum() {
        return active == 0 ? Long.MAX_VALUE : minimum;
    }

    /** How many workers have reached a clock, or have retired. */
    int reached(final long k) {
        int below = 0;
        for (int i = minimum; i < Math.min(k, at.length); i++) {
            below += at[i];
        }
        return clock.length - below;
    }

    /** A worker at the minimum; -1 if all have retired. */
    int slowest() {
        for (int i = 0; i < clock.length; i++) {
            if (!retired[i] && clock[i] == minimum) {
                return i;
            }
        }
        return -1;
    }
}
