package io.rubato.client;

import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * How a worker waits: it runs its client's duty cycle itself or leaves the processor to others, says what it waits for,
 * and counts the time. Used by the worker's thread; the agent looks at {@link #demand}.
 */
final class WorkerWait {
    private final ClientAgent client;
    private final NanoClock time;
    private final IdleStrategy idle;
    private final WorkerStats stats;
    private final Demand demand = new Demand();

    WorkerWait(final ClientAgent client, final NanoClock time, final IdleStrategy idle, final WorkerStats stats) {
        this.client = client;
        this.time = time;
        this.idle = idle;
        this.stats = stats;
    }

    Demand demand() {
        return demand;
    }

    /** One turn of a loop that waits; throws if the job has been stopped. */
    void await() {
        client.checkRunning();
        idle.idle(client.assist());
    }

    /** A wait for nobody in particular, or one whose demand is set by the caller. */
    long begin() {
        return time.nanoTime();
    }

    /** A wait for a shard's progress. */
    long beginForShard(final int shard) {
        final long since = begin();
        demand.waitsForShard(shard, since);
        return since;
    }

    /**
     * Nothing is waited for any more.
     *
     * @param since when the wait began
     * @return how long it took, nanoseconds
     */
    long end(final long since) {
        demand.clear();
        idle.reset();
        final long nanos = time.nanoTime() - since;
        stats.waited(nanos);
        return nanos;
    }
}
