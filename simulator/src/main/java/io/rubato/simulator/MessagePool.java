package io.rubato.simulator;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;

/** Off-heap memory of messages, in sizes that are powers of two; freed all at once. */
final class MessagePool implements AutoCloseable {
    private static final int SMALLEST_BITS = 6;
    private static final int CHUNK = 1 << 16;

    private final Arena arena = Arena.ofConfined();
    @SuppressWarnings({"unchecked", "rawtypes"})
    private final ArrayDeque<Message>[] free = new ArrayDeque[32];
    private long chunk;
    private int chunkUsed = CHUNK;

    MessagePool() {
        for (int i = 0; i < free.length; i++) {
            free[i] = new ArrayDeque<>();
        }
    }

    /** A message of a length, its bytes undefined. */
    Message take(final int length) {
        final int sizeClass = Math.max(SMALLEST_BITS, 32 - Integer.numberOfLeadingZeros(length - 1));
        Message message = free[sizeClass].pollLast();
        if (message == null) {
            message = new Message(allocate(1 << sizeClass), sizeClass);
        }
        message.length = length;
        message.bytes.wrap(message.address, length);
        message.isCopy = false;
        return message;
    }

    private long allocate(final int size) {
        if (size > CHUNK / 4) {
            return arena.allocate(size, 64).address();
        }
        if (chunkUsed + size > CHUNK) {
            chunk = arena.allocate(CHUNK, 64).address();
            chunkUsed = 0;
        }
        chunkUsed += size;
        return chunk + chunkUsed - size;
    }

    void release(final Message message) {
        message.stream = null;
        free[message.sizeClass].addLast(message);
    }

    @Override
    public void close() {
        arena.close();
    }
}
