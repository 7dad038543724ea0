package io.rubato.port;

import org.agrona.DirectBuffer;

/** Receives one message. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Called on the polling thread.
     *
     * @param buffer off-heap memory, so that its {@code addressOffset()} is an absolute address; valid only during the
     *               call
     * @param offset of the message, bytes
     * @param length of the message, bytes
     */
    void onMessage(DirectBuffer buffer, int offset, int length);
}
