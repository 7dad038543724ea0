package io.rubato.client;

/** What a worker counts about itself. Written by its thread; read by the agent after the worker has finished. */
final class WorkerStats {
    private long cacheHits;
    private long waitNanos;
    private long items;

    void hit() {
        cacheHits++;
    }

    void waited(final long nanos) {
        waitNanos += nanos;
    }

    void processed(final long count) {
        items += count;
    }

    long cacheHits() {
        return cacheHits;
    }

    long waitNanos() {
        return waitNanos;
    }

    long items() {
        return items;
    }
}
