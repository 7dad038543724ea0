package io.rubato.node;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Hands what is written to a thread that prints it: who writes never waits, though the target does, as a terminal whose
 * user has stopped it. What such a target does not take for long is dropped. For one writer.
 */
final class DetachedOutput extends OutputStream {
    private static final int MOST_WAITING = 256;
    private static final long FAREWELL_MS = 1_000;

    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread printer;

    DetachedOutput(final PrintStream target) {
        printer = Thread.ofPlatform().daemon().name("display").start(() -> print(target));
    }

    private void print(final PrintStream target) {
        try {
            for (byte[] bytes = waiting.take(); bytes.length > 0; bytes = waiting.take()) {
                target.write(bytes, 0, bytes.length);
                target.flush();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void write(final int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(final byte[] bytes, final int from, final int length) {
        if (length > 0 && !waiting.offer(Arrays.copyOfRange(bytes, from, from + length))) {
            // Who comes back to a terminal wants to know how things are, not how they were.
            waiting.clear();
        }
    }

    /** Waits until all is printed, but no longer than a second. */
    @Override
    public void close() throws IOException {
        try {
            if (waiting.offer(new byte[0], FAREWELL_MS, TimeUnit.MILLISECONDS)) {
                printer.join(FAREWELL_MS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
