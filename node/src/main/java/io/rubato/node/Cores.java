package io.rubato.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Independent pieces of work on all cores. */
final class Cores {
    private Cores() {
    }

    /**
     * Does a piece of work for each number; returns when all are done. What one throws is thrown on, wrapped.
     *
     * @param from first number
     * @param to   last number, less than {@link Long#MAX_VALUE} by the number of cores
     * @param work called on several threads at once
     */
    static void forEach(final long from, final long to, final LongConsumer work) {
        final AtomicLong next = new AtomicLong(from);
        final List<Throwable> thrown = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (long n = next.getAndIncrement(); n <= to; n = next.getAndIncrement()) {
                        work.accept(n);
                    }
                } catch (final RuntimeException | Error e) {
                    next.set(to + 1);
                    synchronized (thrown) {
                        thrown.add(e);
                    }
                }
            }));
        }
        try {
            for (final Thread thread : threads) {
                thread.join();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted", e);
        }
        if (!thrown.isEmpty()) {
            throw new IllegalStateException(thrown.getFirst());
        }
    }
}
