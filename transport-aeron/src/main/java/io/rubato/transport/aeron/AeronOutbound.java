package io.rubato.transport.aeron;

import static io.aeron.logbuffer.FrameDescriptor.FRAME_ALIGNMENT;
import static io.aeron.logbuffer.LogBufferDescriptor.computeFragmentedFrameLength;
import static io.aeron.protocol.DataHeaderFlyweight.HEADER_LENGTH;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One exclusive publication. A message that fits a frame is written in place; a longer one into a buffer of its own,
 * after the check that the stream will take it whole.
 */
final class AeronOutbound implements Outbound {
    private final ExclusivePublication publication;
    private final BufferClaim claim = new BufferClaim();
    private final int maxClaimLength;
    private final int maxMessageLength;
    private UnsafeBuffer staging;
    private boolean claimed;
    /** Of the claim if it is staged, 0 if it is in place. */
    private int stagedLength;

    AeronOutbound(final ExclusivePublication publication) {
        this.publication = publication;
        this.maxClaimLength = publication.maxPayloadLength();
        this.maxMessageLength = publication.maxMessageLength();
    }

    @Override
    public SendStatus tryClaim(final int length) {
        if (claimed) {
            throw new IllegalStateException("the previous claim is neither committed nor aborted");
        }
        if (length < 1 || length > maxMessageLength) {
            throw new IllegalArgumentException("length must be 1 to " + maxMessageLength + ", not " + length);
        }
        return length <= maxClaimLength ? claimInPlace(length) : claimStaged(length);
    }

    private SendStatus claimInPlace(final int length) {
        long position;
        do {
            position = publication.tryClaim(length, claim);
        } while (position == Publication.ADMIN_ACTION);
        if (position < 0) {
            return refusal(position);
        }
        stagedLength = 0;
        claimed = true;
        return SendStatus.CLAIMED;
    }

    /**
     * An offer is refused only while the stream's position is at its limit, or, once, at the end of a term that has no
     * room left. So the rest of such a term is filled up first; if the position is below the limit after that, the
     * offer in {@link #commit} cannot be refused.
     */
    private SendStatus claimStaged(final int length) {
        final int room = publication.termBufferLength() - publication.termOffset();
        if (room > 0 && room < computeFragmentedFrameLength(length, maxClaimLength)) {
            final long position = publication.appendPadding(room - HEADER_LENGTH);
            if (position < 0) {
                return refusal(position);
            }
        }
        if (publication.availableWindow() <= 0) {
            return refusal(publication.isConnected() ? Publication.BACK_PRESSURED : Publication.NOT_CONNECTED);
        }
        if (staging == null) {
            staging = new UnsafeBuffer(BufferUtil.allocateDirectAligned(maxMessageLength, FRAME_ALIGNMENT));
        }
        stagedLength = length;
        claimed = true;
        return SendStatus.CLAIMED;
    }

    private SendStatus refusal(final long position) {
        if (position == Publication.BACK_PRESSURED) {
            return SendStatus.BACK_PRESSURED;
        }
        if (position == Publication.MAX_POSITION_EXCEEDED) {
            publication.close();
        }
        return publication.isClosed() ? SendStatus.CLOSED : SendStatus.NOT_CONNECTED;
    }

    @Override
    public MutableDirectBuffer buffer() {
        return stagedLength > 0 ? staging : claim.buffer();
    }

    @Override
    public int offset() {
        return stagedLength > 0 ? 0 : claim.offset();
    }

    @Override
    public void commit() {
        checkOpen();
        if (stagedLength > 0) {
            long position;
            do {
                position = publication.offer(staging, 0, stagedLength);
            } while (position == Publication.ADMIN_ACTION);
        } else if (!publication.isClosed()) {
            claim.commit();
        }
        claimed = false;
    }

    @Override
    public void abort() {
        checkOpen();
        if (stagedLength == 0 && !publication.isClosed()) {
            claim.abort();
        }
        claimed = false;
    }

    private void checkOpen() {
        if (!claimed) {
            throw new IllegalStateException("nothing is claimed");
        }
    }

    @Override
    public boolean isConnected() {
        return publication.isConnected();
    }

    @Override
    public void close() {
        if (claimed) {
            abort();
        }
        publication.close();
    }
}
