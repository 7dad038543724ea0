package io.rubato.client;

/** What a worker counts about itself. Written by its thread; read by the agent after the worker has finished. */
final class WorkerStats {
    private long misses;
    private long waitNanos;
    private long items;

    /** A read that the worker's cache did not answer at once. */
    void missed() {
        misses++;
    }

    void waited(final long nanos) {
        waitNanos += nanos;
    }

    void processed(final long count) {
        items += count;
    }

    long misses() {
        return misses;
    }

    long waitNanos() {
        return waitNanos;
    }

    long items() {
        return items;
    }
}
