package io.rubato.client;

import io.rubato.protocol.Link;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import io.rubato.protocol.sbe.PushStatusEncoder;

/**
 * The client's end of a shard's push stream: takes in exactly the next message, and acknowledges. Used by the agent's
 * thread.
 */
final class PushInbox {
    private static final int STATUS_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + PushStatusEncoder.BLOCK_LENGTH;

    private final Link link;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final PushStatusEncoder status = new PushStatusEncoder();
    private long taken;
    private long told;
    private boolean hasGap;

    PushInbox(final Link link) {
        this.link = link;
    }

    /** Sequence number of the last message taken in. */
    long taken() {
        return taken;
    }

    /** Whether a message is the next; what is older has been taken in, what is newer follows a gap. */
    boolean isNext(final long sequence) {
        if (sequence <= taken) {
            // The shard has missed the acknowledgement.
            told = -1;
            return false;
        }
        hasGap |= sequence > taken + 1;
        return sequence == taken + 1;
    }

    void takenIn(final long sequence) {
        taken = sequence;
    }

    /** Acknowledges, if that is news. */
    int report(final long job, final int client) {
        if (!hasGap && told == taken || !link.claim(STATUS_LENGTH)) {
            return 0;
        }
        status.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).sequence(taken).client(client)
                .gap(hasGap ? BooleanCode.TRUE : BooleanCode.FALSE);
        link.commit();
        hasGap = false;
        told = taken;
        return 1;
    }
}
