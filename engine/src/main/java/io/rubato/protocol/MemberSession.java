package io.rubato.protocol;

import io.rubato.Outcome;
import io.rubato.port.Transport;
import io.rubato.protocol.sbe.AdmittedDecoder;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.CoordinatorHeartbeatDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RefusedDecoder;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.protocol.sbe.StartDecoder;
import io.rubato.protocol.sbe.StopDecoder;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;

/**
 * A shard's or client's side of its membership: asks for admission until it is answered, learns the partition map,
 * notices when the coordinator falls silent, and learns of the job's end. Used by the agent's thread; never blocks. The
 * agent closes the transport, and with it the stream to the coordinator.
 */
public final class MemberSession {
    /** How the reason begins if there is no coordinator that would tell it. */
    public static final String SILENT = "the coordinator has been silent for ";

    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Transport transport;
    private final NanoClock clock;
    private final Authenticator authenticator;
    private final RoleCode role;
    private final int index;
    private final long pid;
    private final long nonce;
    private final String address;
    private final long livenessTimeoutNs;
    private final Traffic traffic = new Traffic();
    private final Link coordinator;
    private final Inbox inbox;
    private final ControlEncoder encoder = new ControlEncoder();
    private final AdmittedDecoder admitted = new AdmittedDecoder();
    private final RefusedDecoder refused = new RefusedDecoder();
    private final StartDecoder start = new StartDecoder();
    private final StopDecoder stop = new StopDecoder();
    private final byte[] mac = new byte[Authenticator.MAC_LENGTH];

    private long job;
    private int shards;
    private int clients;
    private int workersPerClient;
    private String config;
    private Link[] peers;
    private String[] clientAddresses;
    private Outcome outcome;
    private long nextJoinNs;
    private long nextHeartbeatNs;
    private long lastHeardNs;

    /**
     * A session that has not asked yet.
     *
     * @param transport          the member's endpoint
     * @param coordinatorAddress where to ask
     * @param clock              time
     * @param secret             of the job
     * @param role               asked for
     * @param index              within the role
     * @param pid                of the process
     * @param livenessTimeoutNs  a coordinator that is silent for longer is dead
     * @param inbox              told of the job after admission
     */
    public MemberSession(final Transport transport, final String coordinatorAddress, final NanoClock clock,
            final byte[] secret, final RoleCode role, final int index, final long pid, final long livenessTimeoutNs,
            final Inbox inbox) {
        this.transport = transport;
        this.clock = clock;
        this.authenticator = new Authenticator(secret);
        this.role = role;
        this.index = index;
        this.pid = pid;
        this.nonce = clock.nanoTime() * 31 + pid;
        this.address = transport.localAddress();
        this.livenessTimeoutNs = livenessTimeoutNs;
        this.coordinator = connect(coordinatorAddress);
        this.inbox = inbox;
        this.nextJoinNs = clock.nanoTime();
        this.lastHeardNs = clock.nanoTime();
    }

    /**
     * A stream to another member.
     *
     * @param to its address
     * @return a stream whose traffic counts as this member's
     */
    public Link connect(final String to) {
        return new Link(transport.connect(to), traffic);
    }

    /**
     * What this member has sent to all others.
     *
     * @return which counts on
     */
    public Traffic traffic() {
        return traffic;
    }

    /**
     * Asks for admission if that is due, and watches the coordinator.
     *
     * @return work done
     */
    public int doWork() {
        final long now = clock.nanoTime();
        if (outcome != null) {
            return 0;
        }
        if (now - lastHeardNs > livenessTimeoutNs) {
            outcome = new Outcome(false, SILENT
                    + TimeUnit.NANOSECONDS.toSeconds(now - lastHeardNs) + " s"
                    + (job == 0 ? ": it is not there, cannot reach this process, or has another secret" : ""));
            return 1;
        }
        if (job != 0 || now - nextJoinNs < 0) {
            return 0;
        }
        nextJoinNs = now + RETRY_NS;
        encoder.join(role, index, pid, nonce, authenticator.join(role.value(), index, nonce, address), address)
                .sendTo(coordinator);
        return 1;
    }

    /**
     * Whether the next sign of life should be sent; see {@link #heartbeatSent}.
     *
     * @return true if so, until it has been sent
     */
    public boolean heartbeatIsDue() {
        return job != 0 && clock.nanoTime() - nextHeartbeatNs >= 0;
    }

    /** The sign of life was sent: the next is due an interval later. */
    public void heartbeatSent() {
        nextHeartbeatNs = clock.nanoTime() + Math.min(livenessTimeoutNs / 8, 2 * RETRY_NS);
    }

    /**
     * Handles a message of the membership.
     *
     * @param header  of the message
     * @param message its view
     * @return false if it is of another kind
     */
    public boolean onMessage(final MessageHeaderDecoder header, final DirectBuffer message) {
        switch (header.templateId()) {
            case AdmittedDecoder.TEMPLATE_ID ->
                onAdmitted(admitted.wrap(message, Inbox.HEADER_LENGTH, header.blockLength(), header.version()));
            case RefusedDecoder.TEMPLATE_ID ->
                onRefused(refused.wrap(message, Inbox.HEADER_LENGTH, header.blockLength(), header.version()));
            case StartDecoder.TEMPLATE_ID ->
                onStart(start.wrap(message, Inbox.HEADER_LENGTH, header.blockLength(), header.version()));
            case StopDecoder.TEMPLATE_ID ->
                onStop(stop.wrap(message, Inbox.HEADER_LENGTH, header.blockLength(), header.version()));
            case CoordinatorHeartbeatDecoder.TEMPLATE_ID -> lastHeardNs = clock.nanoTime();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void onAdmitted(final AdmittedDecoder message) {
        if (job != 0) {
            return;
        }
        final long id = message.job();
        final int shardCount = message.shards();
        final int clientCount = message.clients();
        final int workerCount = message.workersPerClient();
        message.getMac(mac, 0, mac.length);
        final String text = message.config();
        if (id == 0 || !Authenticator.equal(authenticator.admit(role.value(), index, nonce, id, shardCount, clientCount,
                workerCount, text), mac)) {
            throw new BadMessageException("an admission by someone who does not know the secret");
        }
        shards = shardCount;
        clients = clientCount;
        workersPerClient = workerCount;
        config = text;
        job = id;
        inbox.job(id);
        lastHeardNs = clock.nanoTime();
        nextHeartbeatNs = lastHeardNs;
    }

    private void onRefused(final RefusedDecoder message) {
        if (job == 0 && message.nonce() == nonce && outcome == null) {
            outcome = new Outcome(false, "the coordinator refused admission: " + message.reason());
        }
    }

    private void onStart(final StartDecoder message) {
        if (peers != null) {
            return;
        }
        final RoleCode wanted = role == RoleCode.SHARD ? RoleCode.CLIENT : RoleCode.SHARD;
        final String[] addresses = new String[wanted == RoleCode.SHARD ? shards : clients];
        final String[] ofClients = new String[clients];
        int found = 0;
        for (final StartDecoder.MembersDecoder member : message.members()) {
            final RoleCode memberRole = member.role();
            final int i = member.index();
            final String memberAddress = member.address();
            if (memberRole == wanted) {
                if (i < 0 || i >= addresses.length || addresses[i] != null) {
                    throw new BadMessageException("a start with " + wanted + " " + i + " of " + addresses.length
                            + ", or with two of it");
                }
                addresses[i] = memberAddress;
                found++;
            }
            if (memberRole == RoleCode.CLIENT && i >= 0 && i < clients) {
                ofClients[i] = memberAddress;
            }
        }
        if (found != addresses.length) {
            throw new BadMessageException("a start with " + found + " of " + addresses.length + " " + wanted + "s");
        }
        peers = connect(addresses);
        clientAddresses = ofClients;
        lastHeardNs = clock.nanoTime();
        nextHeartbeatNs = lastHeardNs;
    }

    private Link[] connect(final String[] addresses) {
        final Link[] links = new Link[addresses.length];
        try {
            Arrays.setAll(links, i -> connect(addresses[i]));
            return links;
        } catch (final IllegalArgumentException | AgentTerminationException e) {
            Arrays.stream(links).filter(Objects::nonNull).forEach(Link::close);
            throw e;
        }
    }

    private void onStop(final StopDecoder message) {
        if (outcome == null) {
            outcome = new Outcome(message.success() == BooleanCode.TRUE, message.reason());
        }
    }

    /**
     * The stream to the coordinator.
     *
     * @return open as long as the transport
     */
    public Link coordinator() {
        return coordinator;
    }

    /**
     * The job's id.
     *
     * @return 0 before admission
     */
    public long job() {
        return job;
    }

    /**
     * Shards of the job.
     *
     * @return number; 0 before admission
     */
    public int shards() {
        return shards;
    }

    /**
     * Clients of the job.
     *
     * @return number; 0 before admission
     */
    public int clients() {
        return clients;
    }

    /**
     * Workers of each client.
     *
     * @return number; 0 before admission
     */
    public int workersPerClient() {
        return workersPerClient;
    }

    /**
     * What the coordinator hands to every process.
     *
     * @return null before admission
     */
    public String config() {
        return config;
    }

    /**
     * Streams to the members that this one talks to, by index: of a shard to the clients, of a client to the shards.
     *
     * @return null before the start
     */
    public Link[] peers() {
        return peers;
    }

    /**
     * Where a client receives.
     *
     * @param client index
     * @return its address; only after the start
     */
    public String clientAddress(final int client) {
        return clientAddresses[client];
    }

    /**
     * Whether everyone is there.
     *
     * @return true after Start
     */
    public boolean isStarted() {
        return peers != null;
    }

    /**
     * How the job ended.
     *
     * @return null while it goes on
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Ends the session for a reason found on this side.
     *
     * @param reason one sentence
     */
    public void fail(final String reason) {
        if (outcome == null) {
            outcome = new Outcome(false, reason);
        }
    }

    /**
     * Tells the coordinator, once and without waiting, that this process goes: in answer to its Stop, or with the
     * reason of a failure on this side.
     *
     * @param ownFailure null if the coordinator ended the job
     */
    public void farewell(final String ownFailure) {
        if (job == 0) {
            return;
        }
        if (ownFailure != null) {
            encoder.failure(job, role, index, ownFailure).sendTo(coordinator);
        }
        encoder.leave(job, role, index).sendTo(coordinator);
    }
}
