package io.rubato.testing;

import org.agrona.concurrent.NanoClock;

/**
 * Time that stands still until a test moves it; any thread may read it. Starts below 0 and so passes through it, which
 * no code may mind.
 */
public final class VirtualClock implements NanoClock {
    private volatile long now = -1_500_000_000L;

    /** At the start. */
    public VirtualClock() {
    }

    /**
     * Moves time.
     *
     * @param nanos to add, by one thread at a time
     */
    public void advance(final long nanos) {
        now = now + nanos;
    }

    @Override
    public long nanoTime() {
        return now;
    }
}
