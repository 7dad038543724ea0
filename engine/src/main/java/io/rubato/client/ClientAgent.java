package io.rubato.client;

import io.rubato.JobStoppedException;
import io.rubato.Outcome;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.clock.Gate;
import io.rubato.port.Transport;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.MemberSession;
import io.rubato.protocol.sbe.ClockAnswerDecoder;
import io.rubato.protocol.sbe.ClockRequestDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.PushMarkDecoder;
import io.rubato.protocol.sbe.PushedRowsDecoder;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.function.IntSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.CachedNanoClock;
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
    /** When the present duty cycle looked for messages; until then, when the last one did. */
    private final CachedNanoClock time = new CachedNanoClock();
    private final Transport transport;
    private final Inbox inbox = new Inbox(this::onMessage);
    private final MemberSession session;
    private final ControlEncoder encoder = new ControlEncoder();
    /** Freed when neither the agent nor a worker is reachable any more: a worker may outlive the agent. */
    private final Arena arena = Arena.ofAuto();
    private final ClientWorker[] workers;
    private final WorkerDrain[] drains;
    private final Demand[] demands;
    private final DemandRead[] demandReads;
    private final DutyTurn turn = new DutyTurn();
    private final IntSupplier cycle = this::dutyCycle;
    private final Reporting reporting;
    private final TableRegistry registry;
    private final RowImagesDecoder rowImages = new RowImagesDecoder();
    private final ShardStatusDecoder shardStatus = new ShardStatusDecoder();
    private final PushedRowsDecoder pushedRows = new PushedRowsDecoder();
    private final PushMarkDecoder pushMark = new PushMarkDecoder();
    private final ClockRequestDecoder clockRequest = new ClockRequestDecoder();
    private final ClockAnswerDecoder clockAnswer = new ClockAnswerDecoder();

    private ShardLink[] shards = new ShardLink[0];
    private ShardReads[] reads = new ShardReads[0];
    private PushInbox[] pushes = new PushInbox[0];
    private ImageIntake intake;
    private Peers peers;
    private volatile ShardProgress progress;
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
        this.time.update(context.clock().nanoTime());
        this.session = new MemberSession(transport, context.coordinatorAddress(), time, context.secret(),
                RoleCode.CLIENT, context.index(), context.pid(), context.livenessTimeoutNs(), inbox);
        this.workers = new ClientWorker[context.workers()];
        this.drains = new WorkerDrain[workers.length];
        this.demands = new Demand[workers.length];
        this.demandReads = new DemandRead[workers.length];
        for (int i = 0; i < workers.length; i++) {
            final int index = context.index() * workers.length + i;
            workers[i] = new ClientWorker(this, index, context.clock(), context.workerIdle().get(),
                    context.memory().commandBytes());
            drains[i] = new WorkerDrain(this, i);
            demands[i] = new Demand();
            demandReads[i] = new DemandRead();
        }
        this.registry = new TableRegistry(this::newTable);
        this.reporting = new Reporting(session, encoder, time, context.index(), workers, drains, demands,
                this::waitsFor, transport.maxMessageLength());
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

    /** Does nothing while a worker assists. */
    @Override
    public int doWork() {
        return turn.ofAgent(cycle);
    }

    /**
     * One duty cycle on the thread of a worker that has nothing better to do, unless another thread runs one: on few
     * cores what it waits for comes without a change of threads. Returns the work done. What the cycle throws, the
     * agent's own thread will throw.
     */
    int assist() {
        return context.workersAssist() && outcome == null ? turn.ofWorker(cycle) : 0;
    }

    /**
     * Sends first and receives last: for a worker that runs it and waits for a row, little else comes before its
     * request, or after the answer.
     */
    private int dutyCycle() {
        if (outcome != null) {
            throw new AgentTerminationException(outcome.reason());
        }
        int work = 0;
        try {
            publishAdmission();
            if (intake != null) {
                work += registry.work(session.coordinator(), encoder, session.job(), context.index(), time);
                work += serveWorkers();
            }
            work += reporting.work(shards, inbox.badMessages());
            work += transport.doWork();
            time.update(context.clock().nanoTime());
            final int received = transport.poll(inbox, POLL_LIMIT);
            work += received;
            if (received > 0 && intake != null) {
                // A worker that runs this cycle may not come back for long.
                work += answer() + carryOut();
            }
        } catch (final AgentTerminationException e) {
            session.fail(e.getMessage());
        }
        work += session.doWork();
        if (session.outcome() != null) {
            session.farewell(session.outcome().success() ? null : session.outcome().reason());
            outcome = session.outcome();
            throw new AgentTerminationException(outcome.reason());
        }
        return work;
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
            progress = new ShardProgress(session.shards());
            config = session.config();
        }
        if (session.isStarted() && shards.length == 0) {
            connectShards();
        }
    }

    private void connectShards() {
        final ShardLink[] links = new ShardLink[session.shards()];
        reads = new ShardReads[links.length];
        pushes = new PushInbox[links.length];
        for (int i = 0; i < links.length; i++) {
            final int max = transport.maxClaimLength();
            links[i] = new ShardLink(session.job(), context.index(), i, session.peers()[i], max, workers,
                    context.index() * workers.length, context.memory().window());
            reads[i] = new ShardReads(links[i], ShardLink.maxReadRows(max));
            pushes[i] = new PushInbox(session.peers()[i]);
        }
        intake = new ImageIntake(registry, links, pushes, progress, time);
        peers = new Peers(session.job(), context.index(), session.clients(), workers.length, links,
                peer -> session.connect(session.clientAddress(peer)));
        shards = links;
    }

    private int serveWorkers() {
        final long now = time.nanoTime();
        int work = 0;
        for (final ShardLink shard : shards) {
            work += shard.resend(now);
        }
        work += carryOut();
        for (int i = 0; i < workers.length; i++) {
            work += serve(i, now);
        }
        return work + answer();
    }

    /** The commands of workers for which there is room, and the reads that they ask for. */
    private int carryOut() {
        int work = 0;
        for (int i = 0; i < workers.length; i++) {
            work += workers[i].commands().drain(drains[i], DRAIN_LIMIT);
        }
        for (final ShardReads read : reads) {
            work += read.send(time.nanoTime());
        }
        return work;
    }

    /** What other members wait for. */
    private int answer() {
        int work = peers.answer();
        for (final PushInbox push : pushes) {
            work += push.report(session.job(), context.index());
        }
        return work;
    }

    private int serve(final int worker, final long now) {
        final Demand demand = demands[worker];
        demand.copyFrom(workers[worker].demand());
        if (demand.table() < 0) {
            return 0;
        }
        final ClientTable table = registry.get(demand.table());
        int staleness = demand.staleness();
        if (table.serves(demand.row(), staleness, demand.freshness(), demand.sequence())) {
            return 0;
        }
        if (Peers.concerns(table.table(), staleness)) {
            if (!peers.isOpen(worker, table.table(), demand.clock(), now)) {
                return 0;
            }
            staleness = Gate.ASKED_PEERS;
        }
        return demandReads[worker].work(demand, workers[worker].index(), staleness, table,
                shards[demand.row() % shards.length], demand.row() / shards.length, now);
    }

    /**
     * Makes rows part of the next read requests, unless they will be pushed, were asked for with that freshness, or are
     * here and newer ones are not wanted. A hint only: dropped when its clock is over. False, and nothing done, while
     * the worker's sampled peers are not far enough.
     */
    boolean ask(final int worker, final ClientTable table, final long clock, final int bound,
            final boolean wantsNewer,
            final DirectBuffer rows, final int offset, final int count) {
        int staleness = bound;
        if (Peers.concerns(table.table(), bound)) {
            if (workers[worker].clockSeenByAgent() != clock) {
                // A hint for a clock that the worker has left: what it needs now it asks for now.
                return true;
            }
            if (!peers.isOpen(worker, table.table(), clock, time.nanoTime())) {
                return false;
            }
            staleness = Gate.ASKED_PEERS;
        }
        final long freshness = Gate.freshness(table.table().spec().consistency(), staleness, clock);
        for (int i = 0; i < count; i++) {
            table.prefetchIds(rows, offset, i, count);
            final int row = rows.getInt(offset + Integer.BYTES * i);
            if (!table.isAsked(row, freshness) && !table.isPushed(row, staleness, 0)
                    && (wantsNewer || !table.serves(row, staleness, freshness, 0))) {
                reads[row % shards.length].add(table, row, row / shards.length, workers[worker].index(), clock,
                        staleness, freshness);
            }
        }
        return true;
    }

    /** For which worker one of this client's waits; -1 if for none. */
    private int waitsFor(final int worker) {
        final Demand demand = demands[worker];
        final int peer = demand.table() >= 0 && peers != null ? peers.waitsFor(worker, demand.table()) : Gate.NOBODY;
        return peer != Gate.NOBODY ? peer : shards[demand.shard()].slowest();
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
        final int block = header.blockLength();
        final int schema = header.version();
        if (session.onMessage(header, message) || registry.onMessage(header, message)) {
            return;
        }
        switch (header.templateId()) {
            case RowImagesDecoder.TEMPLATE_ID ->
                intake().onRowImages(rowImages.wrap(message, body, block, schema), message);
            case PushedRowsDecoder.TEMPLATE_ID ->
                intake().onPushedRows(pushedRows.wrap(message, body, block, schema), message);
            case PushMarkDecoder.TEMPLATE_ID -> intake().onPushMark(pushMark.wrap(message, body, block, schema));
            case ShardStatusDecoder.TEMPLATE_ID ->
                intake().onShardStatus(shardStatus.wrap(message, body, block, schema));
            case ClockRequestDecoder.TEMPLATE_ID -> {
                // Before the start here it may have begun there: they ask again.
                if (peers != null) {
                    peers.onClockRequest(clockRequest.wrap(message, body, block, schema));
                }
            }
            case ClockAnswerDecoder.TEMPLATE_ID -> {
                intake();
                peers.onClockAnswer(clockAnswer.wrap(message, body, block, schema));
            }
            default -> throw new BadMessageException("template " + header.templateId() + " is not for a client");
        }
    }

    private ImageIntake intake() {
        if (intake == null) {
            throw new BadMessageException("a message of a member before the start");
        }
        return intake;
    }

    private ClientTable newTable(final Table table) {
        final TableViews views = views(table);
        return new ClientTable(table, views.isEveryRowCovered() ? null : processCache(table.spec()), views, progress,
                shardsOfJob, row -> isAwaited(table.id(), row));
    }

    private ProcessCache processCache(final TableSpec spec) {
        final long wanted = context.memory().processCacheBytes() / (spec.rowBytes() + 64L);
        return new ProcessCache(spec, (int) Math.min(Integer.MAX_VALUE, Math.max(workers.length + 1L, wanted)), arena);
    }

    private TableViews views(final Table table) {
        try {
            return TableViews.open(context.views(), session.job(), table, shardsOfJob, session.clients(),
                    context.index());
        } catch (final UncheckedIOException e) {
            reporting.failed("table " + table.spec().name() + " cannot be read one-sidedly: " + e.getMessage());
            return TableViews.none(shardsOfJob);
        }
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
    WorkerTable attach(final Table table, final int worker) {
        final ClientTable known = registry.find(table.id());
        if (known == null || !known.table().equals(table)) {
            throw new IllegalArgumentException(
                    "table " + table.spec().name() + " was not created by this client's job");
        }
        return new WorkerTable(table, worker, known.cache(), known.views(), progress, shardsOfJob,
                context.memory().workerCacheBytes(),
                context.memory().deltaLogBytes(), arena);
    }

    /**
     * How many images of a table the process cache holds; for checks, on the agent's thread.
     *
     * @param table id
     * @return number of rows; 0 if the client does not use the table
     */
    public int processCacheRows(final int table) {
        final ClientTable known = registry.find(table);
        return known == null || known.cache() == null ? 0 : known.cache().size();
    }

    /**
     * How many rows of a table a worker's cache holds; for checks, on the worker's thread.
     *
     * @param thread 0..workers-1 within this client
     * @param table  id
     * @return number of rows; 0 if the worker does not use the table
     */
    public int workerCacheRows(final int thread, final int table) {
        final WorkerTable[] known = workers[thread].tables();
        return table >= known.length || known[table] == null ? 0 : known[table].cachedRows();
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
        turn.end();
        if (outcome == null) {
            outcome = new Outcome(false, "client " + context.index() + " was closed");
        }
        transport.close();
    }
}
