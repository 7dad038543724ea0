package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.JobStoppedException;
import io.rubato.Outcome;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.clock.Gate;
import io.rubato.kernel.Memory;
import io.rubato.port.Transport;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.MemberSession;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;

/**
 * The duty cycle of a client: sends what its workers hand over, takes in row images, keeps the process cache, and
 * speaks with the coordinator. Never blocks: a shard that takes nothing delays only the workers that need it.
 *
 * <p>Life: run it on a thread of its own; on another thread {@link #awaitConfig}, then for each worker a thread that
 * uses {@link #worker} and ends with {@link #finished} or {@link #failed}. {@link #doWork} throws {@link
 * AgentTerminationException} when the job is over; {@link #outcome} then tells how it ended.
 */
public final class ClientAgent implements Agent {
    private static final int POLL_LIMIT = 64;
    private static final int DRAIN_LIMIT = 64;

    private final ClientContext context;
    private final Transport transport;
    private final Inbox inbox = new Inbox(this::onMessage);
    private final MemberSession session;
    private final ControlEncoder encoder = new ControlEncoder();
    private final Arena arena = Arena.ofShared();
    private final ClientWorker[] workers;
    private final WorkerDrain[] drains;
    private final Demand[] demands;
    private final DemandRead[] demandReads;
    private final Reporting reporting;
    private final TableRegistry registry;
    private final RowImagesDecoder rowImages = new RowImagesDecoder();
    private final ShardStatusDecoder shardStatus = new ShardStatusDecoder();

    private ShardLink[] shards = new ShardLink[0];
    private ShardReads[] reads = new ShardReads[0];
    private volatile AtomicLongArray acknowledged;
    private volatile String config;
    private volatile int workersOfJob;
    private volatile int shardsOfJob;
    private volatile Outcome outcome;

    /**
     * A client that has not joined yet.
     *
     * @param context what it needs; the transport is closed by the agent
     */
    public ClientAgent(final ClientContext context) {
        this.context = context;
        this.transport = context.transport();
        this.session = new MemberSession(transport, context.coordinatorAddress(), context.clock(), context.secret(),
                RoleCode.CLIENT, context.index(), context.pid(), context.livenessTimeoutNs(), inbox);
        this.workers = new ClientWorker[context.workers()];
        this.drains = new WorkerDrain[workers.length];
        this.demands = new Demand[workers.length];
        this.demandReads = new DemandRead[workers.length];
        for (int i = 0; i < workers.length; i++) {
            final int index = context.index() * workers.length + i;
            workers[i] = new ClientWorker(this, index, context.clock(), context.workerIdle().get());
            drains[i] = new WorkerDrain(this, i);
            demands[i] = new Demand();
            demandReads[i] = new DemandRead();
        }
        this.registry = new TableRegistry(this::newTable);
        this.reporting = new Reporting(session, encoder, context.clock(), context.index(), workers, drains, demands);
    }

    @Override
    public String roleName() {
        return "client-" + context.index();
    }

    /**
     * Blocks until the coordinator has admitted this client. Any thread but the agent's.
     *
     * @return the job's configuration, as given to the coordinator
     * @throws JobStoppedException if admission is refused or the job ends
     */
    public String awaitConfig() {
        final IdleStrategy idle = context.workerIdle().get();
        while (config == null) {
            checkRunning();
            idle.idle();
        }
        return config;
    }

    /**
     * One of this client's workers; its stopwatch starts.
     *
     * @param thread 0..workers-1 within this client
     * @return the worker, to be used by one thread
     */
    public Worker worker(final int thread) {
        workers[thread].begin();
        return workers[thread];
    }

    /**
     * The worker has come to its end. Called on its thread; blocks until its deltas are queued. When every worker of
     * the client has, the client reports and waits for the job's end.
     *
     * @param thread 0..workers-1 within this client
     * @throws JobStoppedException if the job ended before
     */
    public void finished(final int thread) {
        workers[thread].retire();
    }

    /**
     * A worker cannot go on: the job fails. Any thread.
     *
     * @param thread 0..workers-1 within this client
     * @param why    one sentence
     */
    public void failed(final int thread, final String why) {
        reporting.failed("worker " + workers[thread].index() + " failed: " + why);
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
            work += transport.poll(inbox, POLL_LIMIT);
        } catch (final AgentTerminationException e) {
            session.fail(e.getMessage());
        }
        work += session.doWork();
        if (session.outcome() != null) {
            session.farewell(session.outcome().success() ? null : session.outcome().reason());
            outcome = session.outcome();
            throw new AgentTerminationException(outcome.reason());
        }
        publishAdmission();
        if (session.isStarted()) {
            work += registry.work(session.coordinator(), encoder, session.job(), context.index(), context.clock());
            work += serveWorkers();
        }
        return work + reporting.work(shards, inbox.badMessages());
    }

    private void publishAdmission() {
        if (config == null && session.job() != 0) {
            if (session.workersPerClient() != workers.length) {
                session.fail("client " + context.index() + " has " + workers.length
                        + " workers, but the coordinator expects " + session.workersPerClient());
                return;
            }
            workersOfJob = session.clients() * session.workersPerClient();
            shardsOfJob = session.shards();
            acknowledged = new AtomicLongArray(session.shards());
            config = session.config();
        }
        if (session.isStarted() && shards.length == 0) {
            connectShards();
        }
    }

    private void connectShards() {
        shards = new ShardLink[session.shards()];
        reads = new ShardReads[session.shards()];
        for (int i = 0; i < shards.length; i++) {
            final int max = transport.maxClaimLength();
            shards[i] = new ShardLink(session.job(), context.index(), i, session.peers()[i], max, workers,
                    context.index() * workers.length);
            reads[i] = new ShardReads(shards[i], ShardLink.maxReadRows(max));
        }
    }

    private int serveWorkers() {
        final long now = context.clock().nanoTime();
        int work = 0;
        for (final ShardLink shard : shards) {
            work += shard.resend(now);
        }
        for (int i = 0; i < workers.length; i++) {
            work += workers[i].commands().drain(drains[i], DRAIN_LIMIT);
            work += serve(i, now);
        }
        for (final ShardReads read : reads) {
            work += read.send(now);
        }
        return work;
    }

    private int serve(final int worker, final long now) {
        final Demand demand = demands[worker];
        demand.copyFrom(workers[worker].demand());
        if (demand.table() < 0) {
            return 0;
        }
        final int shard = demand.row() % shards.length;
        return demandReads[worker].work(demand, registry.get(demand.table()), shards[shard],
                demand.row() / shards.length, now);
    }

    /** Makes a row part of the next read request, unless one of that freshness is on its way. */
    void ask(final ClientTable table, final int row, final long clock, final int staleness) {
        final long freshness = Gate.freshness(table.table().spec().consistency(), staleness, clock);
        if (!table.isAsked(row, freshness) && !isAtHand(table, row, freshness)) {
            reads[row % shards.length].add(table, row, row / shards.length, clock, staleness, freshness);
        }
    }

    /**
     * Whether another worker's read has brought an image that will do. Under ASP every image will do, so a newer one is
     * asked for all the same.
     */
    private static boolean isAtHand(final ClientTable table, final int row, final long freshness) {
        return table.table().spec().consistency().model() != Consistency.Model.ASP
                && table.cache().holds(row, freshness, 0);
    }

    ShardLink shard(final int shard) {
        return shards[shard];
    }

    int shardCount() {
        return shards.length;
    }

    ClientTable table(final int id) {
        return registry.get(id);
    }

    private void onMessage(final MessageHeaderDecoder header, final DirectBuffer message) {
        final int body = Inbox.HEADER_LENGTH;
        if (session.onMessage(header, message) || registry.onMessage(header, message)) {
            return;
        }
        switch (header.templateId()) {
            case RowImagesDecoder.TEMPLATE_ID ->
                onRowImages(rowImages.wrap(message, body, header.blockLength(), header.version()), message);
            case ShardStatusDecoder.TEMPLATE_ID ->
                onShardStatus(shardStatus.wrap(message, body, header.blockLength(), header.version()));
            default -> throw new BadMessageException("template " + header.templateId() + " is not for a client");
        }
    }

    private void onRowImages(final RowImagesDecoder message, final DirectBuffer buffer) {
        final int shard = checkShard(message.shard());
        final ClientTable table = registry.find(message.table());
        if (table == null) {
            throw new BadMessageException("images of table " + message.table() + ", which this client does not use");
        }
        final TableSpec spec = table.table().spec();
        final int count = message.rowCount();
        final int length = message.rowsLength();
        final int offset = message.limit() + RowImagesDecoder.rowsHeaderLength();
        final int rows = (int) ((spec.rows() + shards.length - 1 - shard) / shards.length);
        RowRecords.check(spec, rows, count, buffer, offset, length);
        RowRecords.checkDense(spec, count, buffer, offset);
        final long minimumClock = message.minimumClock();
        final long applied = message.appliedSequence();
        shards[shard].checkApplied(applied);
        long at = Memory.address(buffer, offset);
        for (int i = 0; i < count; i++) {
            final int row = RowRecords.row(at) * shards.length + shard;
            table.cache().put(row, minimumClock, applied, Memory.ALL, at + RowRecords.HEADER_LENGTH,
                    table.isAwaited());
            table.answered(row, minimumClock);
            at += RowRecords.denseLength(spec);
        }
        acknowledge(shard, applied);
    }

    private void onShardStatus(final ShardStatusDecoder message) {
        final int shard = checkShard(message.shard());
        final long applied = message.appliedSequence();
        shards[shard].checkApplied(applied);
        final boolean gap = message.gap() == BooleanCode.TRUE;
        acknowledge(shard, applied);
        shards[shard].onStatus(message.slowest(), gap, context.clock().nanoTime());
    }

    private int checkShard(final int shard) {
        if (shard < 0 || shard >= shards.length) {
            throw new BadMessageException("shard " + shard + " of " + shards.length);
        }
        return shard;
    }

    private void acknowledge(final int shard, final long applied) {
        shards[shard].onApplied(applied, context.clock().nanoTime());
        acknowledged.setRelease(shard, shards[shard].acknowledged());
    }

    private ClientTable newTable(final Table table) {
        final int slots = (int) Math.min(Integer.MAX_VALUE,
                Math.max(workers.length + 1L, context.processCacheBytes() / (table.spec().rowBytes() + 32L)));
        return new ClientTable(table, new ProcessCache(table.spec(), slots, arena), row -> isAwaited(table.id(), row));
    }

    private boolean isAwaited(final int table, final int row) {
        for (final Demand demand : demands) {
            if (demand.table() == table && demand.row() == row) {
                return true;
            }
        }
        return false;
    }

    TableCreation create(final TableSpec spec) {
        return registry.create(spec);
    }

    /** A worker's side of a table. */
    WorkerTable attach(final Table table) {
        final ClientTable known = registry.find(table.id());
        if (known == null || !known.table().equals(table)) {
            throw new IllegalArgumentException(
                    "table " + table.spec().name() + " was not created by this client's job");
        }
        return new WorkerTable(table, known.cache(), shardsOfJob, context.workerCacheBytes(), context.deltaLogBytes(),
                arena);
    }

    /** How far a shard has applied this client's messages. */
    long acknowledged(final int shard) {
        return acknowledged.getAcquire(shard);
    }

    int workersOfJob() {
        return workersOfJob;
    }

    /** Ends a blocking call when the job is over. */
    void checkRunning() {
        final Outcome ended = outcome;
        if (ended != null) {
            throw new JobStoppedException(ended.reason());
        }
    }

    @Override
    public void onClose() {
        if (outcome == null) {
            outcome = new Outcome(false, "client " + context.index() + " was closed");
        }
        transport.close();
    }
}
