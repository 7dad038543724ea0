package io.rubato.port;

import java.io.Serial;
import org.agrona.concurrent.AgentTerminationException;

/**
 * A stream to a peer cannot be opened: its host is unknown here, or there is no memory for the stream. It ends the
 * agent that needs the stream, and so the job: without it that would wait for ever. The message is one line that names
 * the peer.
 */
public final class UnreachableException extends AgentTerminationException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * A peer and why.
     *
     * @param address of the peer
     * @param cause   of the failure
     */
    public UnreachableException(final String address, final Exception cause) {
        super("cannot send to " + address + ": " + cause.getMessage(), cause);
    }
}
