package io.rubato.shard;

import io.rubato.Consistency;
import io.rubato.Outcome;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.clock.Gate;
import io.rubato.clock.Sampler;
import io.rubato.clock.VectorClock;
import io.rubato.kernel.Memory;
import io.rubato.port.Transport;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.Codes;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.MemberSession;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.ClockAdvanceDecoder;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.DeltaRunDecoder;
import io.rubato.protocol.sbe.FinishDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.OpenTableDecoder;
import io.rubato.protocol.sbe.PushStatusDecoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.protocol.sbe.RoleCode;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.CachedNanoClock;

/**
 * The duty cycle of a shard. It applies the sequenced messages of each client exactly once and in order, keeps the
 * vector clock, and answers reads whose gate is open; others it parks until the minimum clock has risen far enough.
 * Never blocks: a client that does not take its answers delays only itself.
 *
 * <p>{@link #doWork} throws {@link AgentTerminationException} when the job is over; {@link #outcome} then tells how it
 * ended.
 */
public final class ShardAgent implements Agent {
    /** Messages per poll: few, as the bytes are counted between polls only. */
    private static final int POLL_LIMIT = 16;
    /** Messages per duty cycle. */
    private static final int MOST_MESSAGES = 64;
    /** Deltas per duty cycle, about: a client whose log is full is to hear soon that there is room again. */
    private static final long MOST_DELTA_BYTES = 512L << 10;

    private final ShardContext context;
    /** When the present duty cycle looked for messages. */
    private final CachedNanoClock time = new CachedNanoClock();
    private final Transport transport;
    private final Inbox inbox = new Inbox(this::onMessage);
    private final MemberSession session;
    private final ControlEncoder encoder = new ControlEncoder();
    private final List<ShardTable> tables = new ArrayList<>();
    /** Null if no table is being opened. */
    private TableOpening opening;
    private final DeltaBatchDecoder deltaBatch = new DeltaBatchDecoder();
    private final DeltaRunDecoder deltaRun = new DeltaRunDecoder();
    private final ClockAdvanceDecoder clockAdvance = new ClockAdvanceDecoder();
    private final ReadRequestDecoder readRequest = new ReadRequestDecoder();
    private final OpenTableDecoder openTable = new OpenTableDecoder();
    private final PushStatusDecoder pushStatus = new PushStatusDecoder();

    private ClientPeer[] clients;
    private VectorClock clocks;
    private ParkedReads parked;
    private VisibilityRound visibility;
    private Sampler sampler;
    private long deltaRowsApplied;
    private long oneSidedDeltas;
    /** Taken in during this cycle. */
    private long deltaBytes;
    private long duplicates;
    private boolean summaryAsked;
    private volatile Outcome outcome;

    /**
     * A shard that has not joined yet.
     *
     * @param context what it needs; the transport is closed by the agent
     */
    public ShardAgent(final ShardContext context) {
        this.context = context;
        this.transport = context.transport();
        this.time.update(context.clock().nanoTime());
        this.session = new MemberSession(transport, context.coordinatorAddress(), time, context.secret(),
                RoleCode.SHARD, context.index(), context.pid(), context.livenessTimeoutNs(), inbox);
    }

    @Override
    public String roleName() {
        return "shard-" + context.index();
    }

    /**
     * How the job ended; safe for any thread.
     *
     * @return null while it goes on
     */
    public Outcome outcome() {
        return outcome;
    }

    @Override
    public int doWork() {
        int work = 0;
        try {
            work += transport.doWork();
            time.update(context.clock().nanoTime());
            work += receive();
        } catch (final AgentTerminationException e) {
            session.fail(e.getMessage());
        }
        work += session.doWork();
        if (session.outcome() != null) {
            session.farewell(session.outcome().success() ? null : session.outcome().reason());
            outcome = session.outcome();
            throw new AgentTerminationException(outcome.reason());
        }
        connectClients();
        if (clients != null) {
            work += serveClients();
        }
        work += open();
        return work + talkToCoordinator();
    }

    /** Goes on while deltas come in, so that many are acknowledged at once; otherwise answers to reads do not wait. */
    private int receive() {
        deltaBytes = 0;
        int messages = 0;
        long before;
        do {
            before = deltaBytes;
            messages += transport.poll(inbox, POLL_LIMIT);
        } while (deltaBytes > before && messages < MOST_MESSAGES && deltaBytes < MOST_DELTA_BYTES);
        return messages;
    }

    private int serveClients() {
        if (visibility.isDue()) {
            pushChanges();
            visibility.begin(clocks.minimum());
        }
        int work = visibility.end() ? 1 : 0;
        boolean pushes = false;
        for (final ClientPeer client : clients) {
            work += client.answer(session.job(), clocks);
            pushes |= client.pushes().isBusy();
        }
        if (pushes) {
            work += push(time.nanoTime());
        }
        for (final ClientPeer client : clients) {
            work += client.report(session.job(), clocks);
        }
        return work;
    }

    /** A message to each client in turn, so that those who get the same rows get them one after the other. */
    private int push(final long now) {
        int work = 0;
        int sent;
        do {
            sent = 0;
            for (final ClientPeer client : clients) {
                if (client.pushes().isBusy()) {
                    sent += client.pushes().send(session.job(), clocks, client.applied(), now);
                }
            }
            work += sent;
        } while (sent > 0);
        return work;
    }

    /** Queues every changed row for those who have read it. */
    private void pushChanges() {
        for (final ShardTable table : tables) {
            if (table.readers() != null) {
                table.readers().queueChanges(table.table().id(), clients);
            }
        }
    }

    private int talkToCoordinator() {
        int work = 0;
        if (session.heartbeatIsDue() && encoder
                .heartbeat(session.job(), RoleCode.SHARD, context.index(), session.isStarted(), 0, null)
                .sendTo(session.coordinator())) {
            session.heartbeatSent();
            repeatVisibility();
            work++;
        }
        if (summaryAsked) {
            long maxClockGap = 0;
            for (final ClientPeer client : clients) {
                maxClockGap = Math.max(maxClockGap, client.maxClockGap());
            }
            summaryAsked = !encoder.shardSummary(session.job(), context.index(), deltaRowsApplied,
                    oneSidedDeltas, session.traffic(), duplicates, inbox.badMessages(), maxClockGap)
                    .sendTo(session.coordinator());
            work++;
        }
        return work;
    }

    /** Clients ask again for what they miss, but cannot miss a word on what has become visible. */
    private void repeatVisibility() {
        for (int i = 0; clients != null && visibility.hasBegun() && i < clients.length; i++) {
            clients[i].repeats();
        }
    }

    private void connectClients() {
        if (clients != null || !session.isStarted()) {
            return;
        }
        final ClientPeer[] peers = new ClientPeer[session.clients()];
        final PushBatch batch = peers.length == 1 ? null : new PushBatch(transport.maxClaimLength());
        Arrays.setAll(peers, i -> new ClientPeer(context.index(), i, session.peers()[i], transport.maxClaimLength(),
                tables, batch));
        clocks = new VectorClock(session.clients() * session.workersPerClient());
        parked = new ParkedReads(clocks);
        sampler = new Sampler(clocks.workers());
        visibility = new VisibilityRound(peers);
        clients = peers;
    }

    private void onMessage(final MessageHeaderDecoder header, final DirectBuffer message) {
        final int body = Inbox.HEADER_LENGTH;
        final int block = header.blockLength();
        final int schema = header.version();
        if (session.onMessage(header, message)) {
            return;
        }
        switch (header.templateId()) {
            case OpenTableDecoder.TEMPLATE_ID -> onOpenTable(openTable.wrap(message, body, block, schema));
            case FinishDecoder.TEMPLATE_ID -> summaryAsked = clients != null;
            case DeltaBatchDecoder.TEMPLATE_ID -> onDeltaBatch(deltaBatch.wrap(message, body, block, schema), message);
            case DeltaRunDecoder.TEMPLATE_ID -> onDeltaRun(deltaRun.wrap(message, body, block, schema));
            case ClockAdvanceDecoder.TEMPLATE_ID -> onClockAdvance(clockAdvance.wrap(message, body, block, schema));
            case ReadRequestDecoder.TEMPLATE_ID ->
                onReadRequest(readRequest.wrap(message, body, block, schema), message);
            case PushStatusDecoder.TEMPLATE_ID -> onPushStatus(pushStatus.wrap(message, body, block, schema));
            default -> throw new BadMessageException("template " + header.templateId() + " is not for a shard");
        }
    }

    private void onOpenTable(final OpenTableDecoder message) {
        final int id = message.table();
        final Consistency consistency = Codes.decode(message.consistency());
        final long rows = message.rows();
        final int columns = message.columns();
        final TableSpec spec = new TableSpec(inOrder(message), rows, columns, Codes.decode(message.element()),
                consistency, Codes.decode(message.encoding()));
        if (id < 0) {
            throw new BadMessageException("table " + id);
        }
        if (id < tables.size()) {
            tellOpened(id, "");
        } else if (opening == null) {
            if (id > tables.size()) {
                throw new BadMessageException("table " + id + " before table " + tables.size());
            }
            begin(new Table(id, spec));
        }
    }

    private void tellOpened(final int table, final String problem) {
        encoder.tableOpened(session.job(), context.index(), table, problem).sendTo(session.coordinator());
    }

    /** Text is read in the order in which it was written, after the fixed fields. */
    private static String inOrder(final OpenTableDecoder message) {
        return message.name();
    }

    private void begin(final Table table) {
        final int shards = session.shards();
        final int rows = (int) ((table.spec().rows() + shards - 1 - context.index()) / shards);
        final String objection = objection(table.spec(), rows);
        if (objection != null) {
            tellOpened(table.id(), objection);
            return;
        }
        opening = new TableOpening(table, rows, context.index(), session, context.stores());
    }

    /** Why there cannot be such a table; null if there can. */
    private String objection(final TableSpec spec, final int rows) {
        if (RowRecords.exactLength(spec) + 256 > transport.maxMessageLength()) {
            return "a row of " + spec.rowBytes() + " bytes does not fit a message of " + transport.maxMessageLength();
        }
        return spec.consistency().isPushed() && !Readers.canTrack(rows, session.clients())
                ? rows + " rows of a pushed table times " + session.clients()
                        + " clients are more than a shard can keep track of"
                : null;
    }

    /** A step at a time: to make room for many rows takes longer than a member may be silent. */
    private int open() {
        if (opening == null) {
            return 0;
        }
        final TableOpening begun = opening;
        String problem = "";
        try {
            final ShardTable opened = begun.proceed();
            if (opened == null) {
                return 1;
            }
            if (clocks != null) {
                // It may have advanced before anyone wanted the table.
                opened.minimumClock(clocks.minimum());
            }
            tables.add(opened);
        } catch (final UncheckedIOException e) {
            problem = e.getMessage();
        } catch (final RuntimeException e) {
            problem = e.toString();
        }
        opening = null;
        tellOpened(begun.table().id(), problem);
        return 1;
    }

    private void onDeltaBatch(final DeltaBatchDecoder message, final DirectBuffer buffer) {
        final ClientPeer client = client(message.client(), message.worker());
        final ShardTable table = table(message.table());
        final long sequence = message.sequence();
        if (!isNext(client, sequence)) {
            return;
        }
        final int count = message.rowCount();
        final int length = message.rowsLength();
        final int offset = message.limit() + DeltaBatchDecoder.rowsHeaderLength();
        buffer.boundsCheck(offset, length);
        apply(client, table, sequence, Memory.address(buffer, offset), length, count);
    }

    private void onDeltaRun(final DeltaRunDecoder message) {
        final ClientPeer client = client(message.client(), message.worker());
        final ShardTable table = table(message.table());
        final long sequence = message.sequence();
        if (!isNext(client, sequence)) {
            return;
        }
        final MemorySegment log;
        try {
            log = table.log(message.worker());
        } catch (final UncheckedIOException e) {
            // Without it nothing of this client could ever be applied again.
            session.fail(e.getMessage());
            return;
        }
        final long offset = message.rowsOffset();
        final int length = message.rowsLength();
        if (offset < 0 || length < 0 || offset > log.byteSize() - length) {
            throw new BadMessageException("a run of " + length + " bytes at " + offset + " of a log that shares "
                    + log.byteSize());
        }
        apply(client, table, sequence, log.address() + offset, length, message.rowCount());
        oneSidedDeltas += message.rowCount();
    }

    private void apply(final ClientPeer client, final ShardTable table, final long sequence, final long start,
            final int length, final int count) {
        RowRecords.check(table.spec(), table.rows(), count, start, length);
        table.apply(client.index(), sequence, start, length, count);
        client.applied(sequence);
        deltaRowsApplied += count;
        deltaBytes += length;
        if (table.spec().consistency().isValueBounded()) {
            visibility.changed();
        }
    }

    private void onClockAdvance(final ClockAdvanceDecoder message) {
        final ClientPeer client = client(message.client(), message.worker());
        if (!isNext(client, message.sequence())) {
            return;
        }
        client.applied(message.sequence());
        final boolean minimumRose = clocks.advance(message.worker(), message.clock());
        if (minimumRose) {
            onMinimumRose();
        }
        parked.release(message.worker(), minimumRose);
    }

    private void onMinimumRose() {
        boolean isPushed = false;
        for (final ShardTable table : tables) {
            table.minimumClock(clocks.minimum());
            isPushed |= table.readers() != null;
        }
        if (isPushed) {
            pushChanges();
            for (final ClientPeer peer : clients) {
                peer.pushes().addMark(clocks.minimum(), peer.applied());
            }
        }
    }

    private void onPushStatus(final PushStatusDecoder message) {
        final ClientPeer client = client(message.client(), message.client() * session.workersPerClient());
        client.pushes().onStatus(message.sequence(), message.gap() == BooleanCode.TRUE, time.nanoTime());
    }

    private boolean isNext(final ClientPeer client, final long sequence) {
        if (sequence <= client.applied()) {
            duplicates++;
            client.repeats();
            return false;
        }
        if (sequence > client.applied() + 1) {
            client.gap();
            return false;
        }
        return true;
    }

    private void onReadRequest(final ReadRequestDecoder message, final DirectBuffer buffer) {
        final ClientPeer client = client(message.client(), message.worker());
        final ShardTable table = table(message.table());
        final int staleness = message.staleness();
        final int length = message.rowsLength();
        final int offset = message.limit() + ReadRequestDecoder.rowsHeaderLength();
        buffer.boundsCheck(offset, length);
        final int count = length / Integer.BYTES;
        if (count == 0 || length != count * Integer.BYTES || staleness < Gate.ASKED_PEERS || message.clock() < 0) {
            throw new BadMessageException("a read of " + length + " bytes of rows, staleness " + staleness + ", clock "
                    + message.clock());
        }
        if (staleness == Gate.ASKED_PEERS
                && table.spec().consistency().sampling() != Consistency.Sampling.PEERS) {
            throw new BadMessageException("a read past the gate of table " + table.table().id());
        }
        for (int i = 0; i < count; i++) {
            final int row = buffer.getInt(offset + Integer.BYTES * i);
            if (row < 0 || row >= table.rows()) {
                throw new BadMessageException("a read of row " + row + " of " + table.rows());
            }
        }
        final ParkedRead read = client.read(message.request(), table, message.clock(), staleness, buffer, offset,
                count);
        if (read != null) {
            read.drawSample(sampler, session.job() + table.table().id(), message.worker());
            parked.admit(read);
        }
    }

    private ClientPeer client(final int client, final int worker) {
        if (clients == null || client < 0 || client >= clients.length || worker < 0
                || worker / session.workersPerClient() != client) {
            throw new BadMessageException("client " + client + " with worker " + worker + " is not part of the job");
        }
        return clients[client];
    }

    private ShardTable table(final int table) {
        if (table < 0 || table >= tables.size()) {
            throw new BadMessageException("table " + table + " of " + tables.size());
        }
        return tables.get(table);
    }

    @Override
    public void onClose() {
        final List<Runnable> ends = new ArrayList<>();
        tables.forEach(table -> ends.add(table::close));
        if (opening != null) {
            ends.add(opening::cancel);
        }
        RuntimeException first = null;
        for (final Runnable end : ends) {
            try {
                end.run();
            } catch (final RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        transport.close();
        if (first != null) {
            throw first;
        }
    }
}
