package io.rubato.simulator;

/** One worker's thread: a coroutine that is blocked in the engine, computes until a virtual time, or has ended. */
final class SimulatedWorker {
    private static final long BLOCKED = Long.MAX_VALUE;

    private final int index;
    private final SimulatedTime time;
    private final Coroutine coroutine;
    /** When its computing ends. */
    private long wakeNs = BLOCKED;
    private long suspendedNs;
    private long blockedSinceNs;
    private long blockedNs;
    private long computedNs;
    private boolean moved;

    SimulatedWorker(final int index, final SimulatedTime time, final Runnable life) {
        this.index = index;
        this.time = time;
        this.coroutine = new Coroutine(life);
    }

    int index() {
        return index;
    }

    boolean hasEnded() {
        return coroutine.isDone();
    }

    boolean isBlocked() {
        return wakeNs == BLOCKED && !coroutine.isDone();
    }

    /** When its computing ends or has ended; {@link Long#MAX_VALUE} if it does not compute. */
    long wakeNs() {
        return wakeNs;
    }

    /** Runs it until it blocks, computes or ends; whether it got anywhere. */
    boolean resume() {
        moved = wakeNs != BLOCKED;
        if (moved) {
            computedNs += time.now() - suspendedNs;
        } else {
            blockedNs += time.now() - suspendedNs;
        }
        wakeNs = BLOCKED;
        coroutine.resume();
        if (moved) {
            blockedSinceNs = time.now();
        }
        return moved || coroutine.isDone();
    }

    /** Called by the worker: it waits for its agent. */
    void block() {
        suspendedNs = time.now();
        Coroutine.suspend();
    }

    /** Called by the worker: what it waited for has come. */
    void goesOn() {
        moved = true;
    }

    /** Called by the worker: it computes. */
    void compute(final long ns) {
        if (ns > 0) {
            moved = true;
            suspendedNs = time.now();
            wakeNs = time.now() + ns;
            Coroutine.suspend();
        }
    }

    long blockedSinceNs() {
        return blockedSinceNs;
    }

    long blockedNs() {
        return blockedNs;
    }

    long computedNs() {
        return computedNs;
    }
}
