package io.rubato.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Whose turn it is to run a client's duty cycle: the agent's thread or a worker that waits, never two at once. What one
 * wrote the next sees. Nobody waits for a turn except to close.
 */
final class DutyTurn {
    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int ENDED = 2;

    private final AtomicInteger state = new AtomicInteger(FREE);
    /** Thrown on a worker's thread, kept for the agent's. */
    private Throwable kept;
    private volatile long ofWorkers;
    private long seenOfWorkers;

    /**
     * A cycle on the agent's thread; 0 if a worker is at it or was since the last call: a worker that runs cycles does
     * the agent's work, which may then leave the processor to others. Throws what a worker's cycle has thrown before.
     */
    int ofAgent(final IntSupplier cycle) {
        final long cycles = ofWorkers;
        if (cycles != seenOfWorkers) {
            seenOfWorkers = cycles;
            return 0;
        }
        if (!state.compareAndSet(FREE, TAKEN)) {
            return 0;
        }
        try {
            throwKept();
            return cycle.getAsInt();
        } finally {
            state.set(FREE);
        }
    }

    /** A cycle on a worker's thread; 0 if somebody else is at it. */
    int ofWorker(final IntSupplier cycle) {
        if (state.get() != FREE || !state.compareAndSet(FREE, TAKEN)) {
            return 0;
        }
        try {
            if (kept != null) {
                // For the agent, which must not think that all is well.
                return 0;
            }
            ofWorkers = ofWorkers + 1;
            return cycle.getAsInt();
        } catch (final RuntimeException | Error e) {
            kept = e;
            return 0;
        } finally {
            state.set(FREE);
        }
    }

    /** Waits until no cycle runs; none will begin afterwards. Called on the agent's thread. */
    void end() {
        while (state.get() != ENDED && !state.compareAndSet(FREE, ENDED)) {
            Thread.onSpinWait();
        }
    }

    private void throwKept() {
        final Throwable thrown = kept;
        kept = null;
        if (thrown instanceof final RuntimeException e) {
            throw e;
        }
        if (thrown instanceof final Error e) {
            throw e;
        }
    }
}
