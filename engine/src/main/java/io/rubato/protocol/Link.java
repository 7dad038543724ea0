package io.rubato.protocol;

import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** An outbound stream whose traffic is counted. Used by one thread. */
public final class Link implements AutoCloseable {
    private final Outbound outbound;
    private final Traffic traffic;
    private int claimed;
    private boolean isBackPressured;

    /**
     * Around a stream.
     *
     * @param outbound to send on
     * @param traffic  of who sends, all streams together
     */
    public Link(final Outbound outbound, final Traffic traffic) {
        this.outbound = outbound;
        this.traffic = traffic;
    }

    /**
     * Claims space; on success write to {@link #buffer} from {@link #offset}, then {@link #commit}.
     *
     * @param length bytes
     * @return false if the peer is not there or slow: try again in a later duty cycle
     */
    public boolean claim(final int length) {
        final SendStatus status = outbound.tryClaim(length);
        if (status != SendStatus.CLAIMED) {
            refused(status);
            return false;
        }
        isBackPressured = false;
        claimed = length;
        return true;
    }

    private void refused(final SendStatus status) {
        if (status == SendStatus.BACK_PRESSURED && !isBackPressured) {
            isBackPressured = true;
            traffic.backPressed();
        }
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
        traffic.sent(claimed);
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

    @Override
    public void close() {
        outbound.close();
    }
}
