package io.rubato.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.port.Transport;
import io.rubato.protocol.ControlEncoder.Peer;
import io.rubato.protocol.sbe.JoinDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Messages;
import io.rubato.testing.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client's session, the second of a job of two shards, against a coordinator that the test plays. */
class MemberSessionTest {
    private static final byte[] SECRET = {1, 2, 3};
    private static final long JOB = 99;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private final VirtualClock clock = new VirtualClock();
    private final MemoryNetwork network = new MemoryNetwork();
    private final Transport coordinator = network.open("coordinator");
    private final Transport member = network.open("member");
    private final ControlEncoder encoder = new ControlEncoder();
    private final List<Long> nonces = new ArrayList<>();
    private Link link;
    private Inbox inbox;
    private MemberSession session;

    @BeforeEach
    void open() {
        inbox = new Inbox((header, message) -> assertTrue(session.onMessage(header, message)));
        session = new MemberSession(member, "memory:coordinator", clock, SECRET, RoleCode.CLIENT, 1, 7, TIMEOUT_NS,
                inbox);
        link = new Link(coordinator.connect("memory:member"), new Traffic());
        session.doWork();
        listen();
    }

    private void listen() {
        coordinator.poll((buffer, offset, length) -> {
            final JoinDecoder join = new JoinDecoder();
            assertEquals(0, offset);
            join.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
            assertEquals(RoleCode.CLIENT, join.role());
            assertEquals(1, join.index());
            nonces.add(join.nonce());
        }, 100);
    }

    private void deliver(final UnsafeBuffer message) {
        link.send(message, message.capacity());
        member.poll(inbox, 10);
        session.doWork();
    }

    private UnsafeBuffer admission(final byte[] secret) {
        return Messages.control(encoder.admitted(JOB, 2, 2, 3,
                new Authenticator(secret).admit(RoleCode.CLIENT.value(), 1, nonces.getFirst(), JOB, 2, 2, 3, "text"),
                "text"));
    }

    private static Peer peer(final RoleCode role, final int index) {
        return new Peer(role, index, "memory:" + role + index);
    }

    private UnsafeBuffer start(final Peer... peers) {
        return Messages.control(encoder.start(JOB, List.of(peers)));
    }

    @Test
    void itAsksAgainWithTheSameNonceUntilItIsAnswered() {
        for (int i = 0; i < 9; i++) {
            clock.advance(TimeUnit.SECONDS.toNanos(1));
            session.doWork();
        }
        listen();
        assertEquals(10, nonces.size());
        assertEquals(1, nonces.stream().distinct().count());
        deliver(admission(SECRET));
        assertEquals(JOB, session.job());
        assertEquals("text", session.config());
        clock.advance(TimeUnit.SECONDS.toNanos(1));
        session.doWork();
        listen();
        assertEquals(10, nonces.size());
    }

    @Test
    void anAdmissionBySomeoneElseIsNone() {
        deliver(admission(new byte[] {1, 2, 4}));
        assertEquals(0, session.job());
        assertEquals(1, inbox.badMessages());
    }

    /** The proof covers every byte behind the header: whichever is changed, the admission is none. */
    @Test
    void anAdmissionThatWasTamperedWithIsNone() {
        final int length = admission(SECRET).capacity();
        for (int at = Inbox.HEADER_LENGTH; at < length; at++) {
            final UnsafeBuffer admission = admission(SECRET);
            admission.putByte(at, (byte) (admission.getByte(at) ^ 1));
            deliver(admission);
            assertEquals(0, session.job(), "byte " + at);
            assertEquals(0, session.clients());
        }
        assertEquals(length - Inbox.HEADER_LENGTH, inbox.badMessages());
        deliver(admission(SECRET));
        assertEquals(JOB, session.job());
    }

    @Test
    void aSecondAdmissionChangesNothing() {
        deliver(admission(SECRET));
        final UnsafeBuffer other = Messages.control(encoder.admitted(JOB, 5, 5, 5, new Authenticator(SECRET)
                .admit(RoleCode.CLIENT.value(), 1, nonces.getFirst(), JOB, 5, 5, 5, "other"), "other"));
        deliver(other);
        assertEquals(2, session.shards());
        assertEquals("text", session.config());
    }

    @Test
    void aStartThatDoesNotNameEveryShardOnceIsDropped() {
        final Peer client = peer(RoleCode.CLIENT, 0);
        final Peer first = peer(RoleCode.SHARD, 0);
        final Peer second = peer(RoleCode.SHARD, 1);
        deliver(admission(SECRET));
        deliver(start());
        deliver(start(client, first));
        deliver(start(first, first));
        deliver(start(first, second, second));
        deliver(start(first, peer(RoleCode.SHARD, 2)));
        deliver(start(first, second, peer(RoleCode.SHARD, -1)));
        deliver(start(first, new Peer(RoleCode.SHARD, 1, "nowhere")));
        assertFalse(session.isStarted());
        assertNull(session.outcome());
        assertEquals(7, inbox.badMessages());
        deliver(start(second, client, first));
        assertTrue(session.isStarted());
        assertEquals(2, session.peers().length);
        final Link[] peers = session.peers();
        deliver(start(first));
        assertEquals(peers, session.peers());
    }

    @Test
    void aRefusalMeantForAnotherIsIgnored() {
        deliver(Messages.control(encoder.refused(nonces.getFirst() + 1, "not you")));
        assertNull(session.outcome());
        deliver(Messages.control(encoder.refused(nonces.getFirst(), "too late")));
        assertTrue(session.outcome().reason().contains("too late"));
    }

    @Test
    void onlyTheCoordinatorsSignsOfLifeKeepItGoing() {
        deliver(admission(SECRET));
        for (int i = 0; i < 5; i++) {
            clock.advance(TIMEOUT_NS);
            deliver(Messages.control(encoder.coordinatorHeartbeat(JOB)));
            assertNull(session.outcome());
        }
        clock.advance(TIMEOUT_NS);
        deliver(Messages.control(encoder.coordinatorHeartbeat(JOB + 1)));
        session.doWork();
        assertNull(session.outcome());
        clock.advance(1);
        session.doWork();
        assertFalse(session.outcome().success());
        assertTrue(session.outcome().reason().startsWith("the coordinator has been silent for 10 s"),
                session.outcome().reason());
    }
}
