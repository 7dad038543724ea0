package io.rubato.testing;

import io.rubato.Outcome;
import io.rubato.port.Transport;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.Link;
import io.rubato.protocol.MemberSession;
import io.rubato.protocol.Traffic;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RoleCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A member whose part a test plays: it is admitted like any other and shows signs of life, but keeps what it receives
 * for the test, and sends what the test says.
 */
public final class PlayedMember implements Agent {
    private final RoleCode role;
    private final int index;
    private final Transport transport;
    private final Inbox inbox = new Inbox(this::onMessage);
    private final MemberSession session;
    private final ControlEncoder encoder = new ControlEncoder();
    private final List<UnsafeBuffer> received = new ArrayList<>();
    private final Map<String, Link> links = new HashMap<>();
    private boolean deaf;

    /**
     * Not admitted yet.
     *
     * @param transport         its endpoint
     * @param clock             time
     * @param secret            that it knows
     * @param role              to play
     * @param index             to ask for
     * @param pid               to tell
     * @param livenessTimeoutNs of the coordinator
     */
    public PlayedMember(final Transport transport, final NanoClock clock, final byte[] secret, final RoleCode role,
            final int index, final long pid, final long livenessTimeoutNs) {
        this.role = role;
        this.index = index;
        this.transport = transport;
        this.session = new MemberSession(transport, "memory:coordinator", clock, secret, role, index, pid,
                livenessTimeoutNs, inbox);
    }

    @Override
    public String roleName() {
        return "played " + role + " " + index;
    }

    @Override
    public int doWork() {
        if (deaf) {
            return 0;
        }
        transport.poll(inbox, 64);
        session.doWork();
        if (session.outcome() != null) {
            session.farewell(null);
            throw new AgentTerminationException(session.outcome().reason());
        }
        if (session.heartbeatIsDue()) {
            encoder.heartbeat(session.job(), role, index, session.isStarted(), 0, null).sendTo(session.coordinator());
            session.heartbeatSent();
        }
        return 0;
    }

    private void onMessage(final MessageHeaderDecoder header, final DirectBuffer message) {
        if (!session.onMessage(header, message)) {
            final UnsafeBuffer copy = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(message.capacity()));
            copy.putBytes(0, message, 0, message.capacity());
            received.add(copy);
        }
    }

    /**
     * Whether it takes no part any more: it neither polls nor shows signs of life.
     *
     * @param isDeaf from now on
     */
    public void deaf(final boolean isDeaf) {
        deaf = isDeaf;
    }

    /**
     * Membership.
     *
     * @return its state
     */
    public MemberSession session() {
        return session;
    }

    /**
     * How the job ended for it.
     *
     * @return null while it goes on
     */
    public Outcome outcome() {
        return session.outcome();
    }

    /**
     * Takes what has been received.
     *
     * @param template of the messages wanted
     * @return in order of arrival; not returned again
     */
    public List<UnsafeBuffer> take(final int template) {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final List<UnsafeBuffer> taken = received.stream()
                .filter(message -> header.wrap(message, 0).templateId() == template).toList();
        received.removeAll(taken);
        return taken;
    }

    /**
     * Sends a message.
     *
     * @param to      name of the receiver
     * @param message all of it is sent
     * @throws AssertionError if the receiver takes none now
     */
    public void send(final String to, final DirectBuffer message) {
        final Link link =
                links.computeIfAbsent(to, name -> new Link(transport.connect("memory:" + name), new Traffic()));
        if (!link.send(message, message.capacity())) {
            throw new AssertionError(to + " takes no message");
        }
    }

    @Override
    public void onClose() {
        transport.close();
    }
}
