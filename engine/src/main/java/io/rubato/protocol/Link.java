package io.rubato.protocol;

import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** An outbound stream that counts what it sends. Used by one thread. */
public final class Link implements AutoCloseable {
    private final Outbound outbound;
    private long bytesSent;
    private int claimed;

    /**
     * Around a stream.
     *
     * @param outbound to send on
     */
    public Link(final Outbound outbound) {
        this.outbound = outbound;
    }

    /**
     * Claims space; on success write to {@link #buffer} from {@link #offset}, then {@link #commit}.
     *
     * @param length bytes
     * @return false if the peer is not there or slow: try again in a later duty cycle
     */
    public boolean claim(final int length) {
        if (outbound.tryClaim(length) != SendStatus.CLAIMED) {
            return false;
        }
        claimed = length;
        return true;
    }

    /**
     * Where to write.
     *
     * @return the buffer of the open claim
     */
    public MutableDirectBuffer buffer() {
        return outbound.buffer();
    }

    /**
     * Where the message starts.
     *
     * @return bytes
     */
    public int offset() {
        return outbound.offset();
    }

    /** Sends the claimed message. */
    public void commit() {
        outbound.commit();
        bytesSent += claimed;
    }

    /**
     * Sends a message that is already encoded.
     *
     * @param source holds it from 0 on
     * @param length bytes
     * @return false if the peer is not there or slow
     */
    public boolean send(final DirectBuffer source, final int length) {
        if (!claim(length)) {
            return false;
        }
        source.getBytes(0, buffer(), offset(), length);
        commit();
        return true;
    }

    /**
     * Bytes of all messages sent.
     *
     * @return count since the start
     */
    public long bytesSent() {
        return bytesSent;
    }

    @Override
    public void close() {
        outbound.close();
    }
}
