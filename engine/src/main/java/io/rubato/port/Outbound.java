package io.rubato.port;

import org.agrona.MutableDirectBuffer;

/**
 * A one-way, ordered stream of messages to one peer. Used by one thread.
 *
 * <p>While the peer stays connected, what is committed arrives once and in order. When the connection is lost, what was
 * under way may be lost with it; the engine's sequence numbers notice and resend.
 *
 * <p>To send: {@link #tryClaim}; if CLAIMED, write {@code length} bytes at {@link #offset} of {@link #buffer}, then
 * {@link #commit} or {@link #abort}. At most one claim is open at a time.
 */
public interface Outbound extends AutoCloseable {
    /**
     * Claims space for one message.
     *
     * @param length bytes, 1 to {@link Transport#maxMessageLength}
     * @return CLAIMED, or why not
     */
    SendStatus tryClaim(int length);

    /**
     * Where the claimed message is written; off-heap.
     *
     * @return the buffer of the open claim
     */
    MutableDirectBuffer buffer();

    /**
     * Where the claimed message starts, aligned to 8 bytes.
     *
     * @return bytes
     */
    int offset();

    /** Sends the claimed message. */
    void commit();

    /** Gives the claimed space back unsent. */
    void abort();

    /**
     * Whether the peer is listening now.
     *
     * @return true if a claim could succeed
     */
    boolean isConnected();

    /** Ends the stream. Never throws. */
    @Override
    void close();
}
