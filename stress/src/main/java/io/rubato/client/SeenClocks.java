package io.rubato.client;

/** Takes every image, and remembers its clocks; image n has the minimum clock n. */
final class SeenClocks implements ProcessCache.Target {
    private long minimumClock;
    private long applied;

    static long appliedOf(final long number) {
        return 3 * number + 1;
    }

    @Override
    public boolean accepts(final long imageClock, final long appliedSequence) {
        minimumClock = imageClock;
        applied = appliedSequence;
        return true;
    }

    boolean areOf(final long number) {
        return minimumClock == number && applied == appliedOf(number);
    }
}
