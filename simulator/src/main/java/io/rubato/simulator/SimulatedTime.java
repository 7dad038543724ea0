package io.rubato.simulator;

import org.agrona.concurrent.NanoClock;

/** The one virtual time of a simulation, in nanoseconds from its start; it moves only between turns of nodes. */
final class SimulatedTime {
    private long now;

    long now() {
        return now;
    }

    void moveTo(final long later) {
        if (later < now) {
            throw new IllegalArgumentException("time would go back from " + now + " to " + later);
        }
        now = later;
    }

    /** What a process sees: the same time from an origin of its own, as with {@link System#nanoTime}. */
    NanoClock seenFrom(final long origin) {
        return () -> now + origin;
    }
}
