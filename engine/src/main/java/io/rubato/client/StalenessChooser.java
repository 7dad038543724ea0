package io.rubato.client;

import io.rubato.Consistency;

/**
 * Chooses s within the range of a DSSP table, clock by clock, from how long the worker waited for rows of it: one more
 * when waiting took a noticeable part of the clock, one less when there was no waiting for some clocks, because a
 * smaller s means fresher rows. The idea is that of Zhao et al. 2019; there a server predicts the waits, here each
 * worker measures its own.
 */
final class StalenessChooser {
    /** Waiting for more than this part of a clock raises s. */
    private static final int NOTICEABLE_PART = 20;
    /** So many clocks in a row without waiting lower s. */
    private static final int CALM_CLOCKS = 4;

    private final int least;
    private final int most;
    private int staleness;
    private int calm;

    StalenessChooser(final Consistency consistency) {
        least = consistency.leastStaleness();
        most = consistency.staleness();
        staleness = least;
    }

    int staleness() {
        return staleness;
    }

    void clockEnded(final long clockNanos, final long waitNanos) {
        if (waitNanos > clockNanos / NOTICEABLE_PART) {
            staleness = Math.min(most, staleness + 1);
            calm = 0;
        } else {
            calm = waitNanos == 0 ? calm + 1 : 0;
            if (calm == CALM_CLOCKS) {
                staleness = Math.max(least, staleness - 1);
                calm = 0;
            }
        }
    }
}
