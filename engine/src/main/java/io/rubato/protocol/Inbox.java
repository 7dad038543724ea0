package io.rubato.protocol;

import io.rubato.port.MessageHandler;
import io.rubato.protocol.sbe.AdmittedDecoder;
import io.rubato.protocol.sbe.JoinDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RefusedDecoder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Checks what arrives before anything else looks at it: header, protocol version, job. The receiver gets a view of
 * exactly the message, so that reading past its end throws; whatever it throws because of the content counts as a bad
 * message, is logged once per kind, and is dropped.
 *
 * <p>Used by one thread. A receiver must not change its state before it has read and checked the whole message.
 */
public final class Inbox implements MessageHandler {
    /** Bytes before a message's body. */
    public static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final Logger LOG = System.getLogger(Inbox.class.getName());

    private final Receiver receiver;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private final Set<String> logged = new HashSet<>();
    private long job;
    private long badMessages;

    /** Takes checked messages. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Handles a message.
         *
         * @param header  names the template; its body starts at {@link #HEADER_LENGTH} of {@code message}
         * @param message exactly the message; valid only during the call
         * @throws BadMessageException if the content cannot be right
         */
        void onMessage(MessageHeaderDecoder header, DirectBuffer message);
    }

    /**
     * An inbox for no job yet: it lets only messages of an admission through.
     *
     * @param receiver takes what is well-formed
     */
    public Inbox(final Receiver receiver) {
        this.receiver = receiver;
    }

    /**
     * From now on only messages of this job pass.
     *
     * @param id of the job, not 0
     */
    public void job(final long id) {
        this.job = id;
    }

    /**
     * How many messages were dropped because something was wrong with them.
     *
     * @return count since the start
     */
    public long badMessages() {
        return badMessages;
    }

    @Override
    public void onMessage(final DirectBuffer buffer, final int offset, final int length) {
        message.wrap(buffer, offset, length);
        try {
            header.wrap(message, 0);
            if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID
                    || header.version() != MessageHeaderDecoder.SCHEMA_VERSION) {
                throw new BadMessageException("schema " + header.schemaId() + " version " + header.version()
                        + ", expected " + MessageHeaderDecoder.SCHEMA_ID + " version "
                        + MessageHeaderDecoder.SCHEMA_VERSION);
            }
            checkJob();
            receiver.onMessage(header, message);
        } catch (final IndexOutOfBoundsException | IllegalArgumentException e) {
            reject(length, e);
        }
    }

    private void checkJob() {
        final int template = header.templateId();
        final boolean admission = template == JoinDecoder.TEMPLATE_ID || template == RefusedDecoder.TEMPLATE_ID
                || template == AdmittedDecoder.TEMPLATE_ID && job == 0;
        if (!admission && (job == 0 || message.getLong(HEADER_LENGTH) != job)) {
            throw new BadMessageException("template " + template + " of another job");
        }
    }

    private void reject(final int length, final RuntimeException e) {
        badMessages++;
        final String kind = e.getClass().getSimpleName() + " in template "
                + (length >= HEADER_LENGTH ? message.getShort(2) & 0xFFFF : -1);
        if (logged.add(kind)) {
            LOG.log(Level.WARNING,
                    "dropped a bad message of {0} bytes ({1}): {2}; further ones of this kind are only counted",
                    length, kind, e.getMessage());
        }
    }
}
