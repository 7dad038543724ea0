package io.rubato.coordinator;

import io.rubato.Consistency;
import io.rubato.Encoding;
import io.rubato.JobResult;
import io.rubato.Outcome;
import io.rubato.TableSpec;
import io.rubato.port.Transport;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.Codes;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.Traffic;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.ClientSummaryDecoder;
import io.rubato.protocol.sbe.ClockReportDecoder;
import io.rubato.protocol.sbe.ConclusionDecoder;
import io.rubato.protocol.sbe.CreateTableDecoder;
import io.rubato.protocol.sbe.FailureDecoder;
import io.rubato.protocol.sbe.HeartbeatDecoder;
import io.rubato.protocol.sbe.JoinDecoder;
import io.rubato.protocol.sbe.LeaveDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.protocol.sbe.ShardSummaryDecoder;
import io.rubato.protocol.sbe.TableOpenedDecoder;
import io.rubato.protocol.sbe.WorkerSummaryDecoder;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/**
 * The duty cycle of the coordinator. A job forms until every shard and client has joined, runs until every client has
 * summed up, finishes by asking the shards for their totals, and stops. A member that falls silent or leaves early
 * fails the job.
 *
 * <p>{@link #doWork} throws {@link AgentTerminationException} when the job is over; {@link #outcome} then tells how it
 * ended.
 */
public final class CoordinatorAgent implements Agent {
    private static final int POLL_LIMIT = 64;
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long FAREWELL_NS = TimeUnit.SECONDS.toNanos(2);

    private final CoordinatorContext context;
    private final Transport transport;
    private final Inbox inbox = new Inbox(this::onMessage);
    private final ControlEncoder encoder = new ControlEncoder();
    private final Traffic traffic = new Traffic();
    private final Roster roster;
    private final Admissions admissions;
    private final TableCatalogue catalogue;
    private final JobProgress progress;
    private final JobTotals totals;
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private final ClockReportDecoder clockReport = new ClockReportDecoder();
    private final CreateTableDecoder createTable = new CreateTableDecoder();
    private final TableOpenedDecoder tableOpened = new TableOpenedDecoder();
    private final WorkerSummaryDecoder workerSummary = new WorkerSummaryDecoder();
    private final ClientSummaryDecoder clientSummary = new ClientSummaryDecoder();
    private final ShardSummaryDecoder shardSummary = new ShardSummaryDecoder();
    private final ConclusionDecoder conclusion = new ConclusionDecoder();
    private final FailureDecoder failure = new FailureDecoder();
    private final LeaveDecoder leave = new LeaveDecoder();

    private boolean running;
    private Outcome ending;
    private long endingNs;
    private long nextTickNs;
    private long firstJoinNs;
    private String waiting = "";
    private volatile Outcome outcome;

    /**
     * A coordinator that nobody has joined.
     *
     * @param context what it needs; the transport is closed by the agent
     */
    public CoordinatorAgent(final CoordinatorContext context) {
        this.context = context;
        this.transport = context.transport();
        final int workers = context.clients() * context.workersPerClient();
        this.roster = new Roster(context.shards(), context.clients());
        this.admissions = new Admissions(context, roster, encoder, traffic);
        this.catalogue = new TableCatalogue(context.shards());
        this.progress = new JobProgress(workers, context.listener()::onClock);
        this.totals = new JobTotals(workers, context.clients(), context.shards());
        this.nextTickNs = context.clock().nanoTime();
        inbox.job(context.job());
    }

    @Override
    public String roleName() {
        return "coordinator";
    }

    /**
     * How the job ended; safe for any thread.
     *
     * @return null while it goes on
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Ends the job as failed for a reason found outside, at the next duty cycle's convenience. To be called on the
     * agent's thread.
     *
     * @param reason one sentence
     */
    public void fail(final String reason) {
        end(new Outcome(false, reason));
    }

    @Override
    public int doWork() {
        int work = 0;
        try {
            work += transport.doWork();
            work += transport.poll(inbox, POLL_LIMIT);
        } catch (final AgentTerminationException e) {
            end(new Outcome(false, e.getMessage()));
            terminate();
        }
        final long now = context.clock().nanoTime();
        work += admissions.work(now);
        if (!running && roster.isComplete()) {
            running = true;
            roster.present().forEach(member -> member.owesStart(true));
        }
        work += sendStarts();
        if (now - nextTickNs >= 0) {
            nextTickNs = now + TICK_NS;
            tick(now);
            work++;
        }
        if (ending != null && (roster.hasEveryoneLeft() || now - endingNs > FAREWELL_NS)) {
            terminate();
        }
        return work;
    }

    private void terminate() {
        outcome = ending;
        throw new AgentTerminationException(outcome.reason());
    }

    private int sendStarts() {
        int work = 0;
        for (final MemberState member : roster.present()) {
            if (member.owesStart() && !member.owesAdmission()
                    && encoder.start(context.job(), roster.peers()).sendTo(member.link())) {
                member.owesStart(false);
                work++;
            }
        }
        return work;
    }

    private void tick(final long now) {
        for (final MemberState member : roster.present()) {
            if (!member.owesAdmission() && !member.hasLeft()) {
                if (ending != null) {
                    encoder.stop(context.job(), ending.success(), ending.reason()).sendTo(member.link());
                } else {
                    encoder.coordinatorHeartbeat(context.job()).sendTo(member.link());
                }
            }
        }
        if (ending != null) {
            return;
        }
        final String dead = roster.dead(now, context.livenessTimeoutNs());
        if (dead != null) {
            fail(dead);
            return;
        }
        sendOpenTables();
        if (totals.isEveryClientDone()) {
            sendFinish();
        }
        final String waits = progress.waiting();
        if (!waits.isEmpty() || !waiting.isEmpty()) {
            waiting = waits;
            context.listener().onWaiting(waits);
        }
    }

    private void sendOpenTables() {
        for (final TableCatalogue.Entry entry : catalogue.entries()) {
            for (final MemberState shard : roster.shards()) {
                if (!entry.isOpenOn(shard.member().index())) {
                    encoder.openTable(context.job(), entry.table()).sendTo(shard.link());
                }
            }
        }
    }

    private void sendFinish() {
        for (final MemberState shard : roster.shards()) {
            if (!totals.isShardDone(shard.member().index())) {
                encoder.finish(context.job()).sendTo(shard.link());
            }
        }
    }

    private void end(final Outcome how) {
        if (ending != null) {
            return;
        }
        ending = how;
        endingNs = context.clock().nanoTime();
        nextTickNs = endingNs;
        if (!how.success()) {
            context.listener().onFailed(how.reason());
        }
    }

    private void onMessage(final MessageHeaderDecoder header, final DirectBuffer message) {
        final int body = Inbox.HEADER_LENGTH;
        final int block = header.blockLength();
        final int version = header.version();
        switch (header.templateId()) {
            case JoinDecoder.TEMPLATE_ID -> onJoin(header, message);
            case HeartbeatDecoder.TEMPLATE_ID -> onHeartbeat(heartbeat.wrap(message, body, block, version));
            case ClockReportDecoder.TEMPLATE_ID -> onClockReport(clockReport.wrap(message, body, block, version));
            case CreateTableDecoder.TEMPLATE_ID -> onCreateTable(createTable.wrap(message, body, block, version));
            case TableOpenedDecoder.TEMPLATE_ID -> onTableOpened(tableOpened.wrap(message, body, block, version));
            case WorkerSummaryDecoder.TEMPLATE_ID -> onWorkerSummary(workerSummary.wrap(message, body, block, version));
            case ClientSummaryDecoder.TEMPLATE_ID -> onClientSummary(clientSummary.wrap(message, body, block, version));
            case ShardSummaryDecoder.TEMPLATE_ID -> onShardSummary(shardSummary.wrap(message, body, block, version));
            case ConclusionDecoder.TEMPLATE_ID -> onConclusion(conclusion.wrap(message, body, block, version));
            case FailureDecoder.TEMPLATE_ID -> onFailure(failure.wrap(message, body, block, version));
            case LeaveDecoder.TEMPLATE_ID -> onLeave(leave.wrap(message, body, block, version));
            default -> throw new BadMessageException("template " + header.templateId() + " is not for a coordinator");
        }
    }

    private void onJoin(final MessageHeaderDecoder header, final DirectBuffer message) {
        final Member joined = admissions.onJoin(header, message, context.clock().nanoTime());
        if (joined != null) {
            if (roster.present().size() == 1) {
                firstJoinNs = context.clock().nanoTime();
            }
            context.listener().onMember(joined);
        }
    }

    private void onHeartbeat(final HeartbeatDecoder message) {
        final MemberState member = member(message.role(), message.index());
        member.heard(context.clock().nanoTime());
        if (running && message.started() != BooleanCode.TRUE) {
            member.owesStart(true);
        }
        for (final HeartbeatDecoder.WorkersDecoder line : message.workers()) {
            progress.onHeartbeat(worker(line.worker()), line.clock(), line.waitNanos(), line.shard(), line.slowest());
        }
    }

    private void onClockReport(final ClockReportDecoder message) {
        progress.onReport(worker(message.worker()), message.clock(), message.items(), message.samples(),
                message.loss(), message.testSamples(), message.testLoss(), message.nanos(), context.clock().nanoTime());
    }

    private void onCreateTable(final CreateTableDecoder message) {
        final MemberState client = member(RoleCode.CLIENT, message.client());
        final Consistency consistency = Codes.decode(message.consistency());
        final Encoding encoding = Codes.decode(message.encoding());
        final long rows = message.rows();
        final TableSpec spec = new TableSpec(message.name(), rows, message.columns(), Codes.decode(message.element()),
                consistency, encoding);
        if (!running || ending != null) {
            return;
        }
        final String objection = catalogue.objection(spec);
        if (objection != null) {
            encoder.tableRefused(context.job(), spec.name(), objection).sendTo(client.link());
            return;
        }
        final int known = catalogue.entries().size();
        final TableCatalogue.Entry entry = catalogue.findOrCreate(spec);
        if (!catalogue.isReady(entry)
                || !encoder.tableReady(context.job(), entry.table()).sendTo(client.link())) {
            entry.waitingClients().set(client.member().index());
        }
        if (catalogue.entries().size() > known) {
            sendOpenTables();
        }
    }

    private void onTableOpened(final TableOpenedDecoder message) {
        final MemberState shard = member(RoleCode.SHARD, message.shard());
        final int table = message.table();
        final String problem = message.problem();
        if (!problem.isEmpty()) {
            fail(shard.describe() + " could not open table " + table + ": " + problem);
            return;
        }
        catalogue.opened(table, shard.member().index());
        for (final TableCatalogue.Entry entry : catalogue.entries()) {
            if (catalogue.isReady(entry)) {
                tellReady(entry);
            }
        }
    }

    private void tellReady(final TableCatalogue.Entry entry) {
        entry.waitingClients().stream().forEach(client -> {
            final MemberState waiter = roster.find(Member.Role.CLIENT, client);
            if (encoder.tableReady(context.job(), entry.table()).sendTo(waiter.link())) {
                entry.waitingClients().clear(client);
            }
        });
    }

    private void onWorkerSummary(final WorkerSummaryDecoder message) {
        final int worker = worker(message.worker());
        final SortedMap<Integer, SortedMap<Long, Long>> histograms = new TreeMap<>();
        final WorkerReport report = new WorkerReport(worker, message.client(), message.clocks(), message.items(),
                message.computeNanos() / 1e9, message.waitNanos() / 1e9, message.rowsRead(), message.cacheHits(),
                message.oneSidedReads(), histograms);
        final long maxClockGap = message.maxClockGap();
        for (final WorkerSummaryDecoder.StalenessDecoder bucket : message.staleness()) {
            histograms.computeIfAbsent(bucket.table(), _ -> new TreeMap<>()).put(-bucket.lag(), bucket.reads());
        }
        totals.worker(report, maxClockGap);
        progress.onRetired(worker, context.clock().nanoTime());
    }

    private void onClientSummary(final ClientSummaryDecoder message) {
        final MemberState client = member(RoleCode.CLIENT, message.client());
        totals.client(client.member().index(), JobTotals.Summary.of(message.deltaRowsSent(), message.bytesSent(),
                message.backPressured(), message.badMessages()));
        if (totals.isEveryClientDone() && ending == null) {
            sendFinish();
        }
    }

    private void onShardSummary(final ShardSummaryDecoder message) {
        final MemberState shard = member(RoleCode.SHARD, message.shard());
        if (!totals.isEveryClientDone()) {
            throw new BadMessageException(shard.describe() + " summed up before it was asked to");
        }
        totals.shard(shard.member().index(), new JobTotals.Summary(message.deltaRowsApplied(),
                message.oneSidedDeltas(), message.bytesSent(), message.backPressured(), message.badMessages(),
                message.duplicates(), message.maxClockGap()));
        if (!totals.isEveryShardDone() || ending != null) {
            return;
        }
        final String imbalance = totals.imbalance();
        if (imbalance != null) {
            fail(imbalance);
            return;
        }
        final double seconds = (context.clock().nanoTime() - firstJoinNs) / 1e9;
        end(new Outcome(true, "the job is done"));
        final JobTotals.Summary own = JobTotals.Summary.of(0, traffic.bytesSent(),
                traffic.backPressured(), inbox.badMessages());
        context.listener().onFinished(totals.report(progress, seconds, roster.members(), catalogue.tables(), own));
    }

    private void onConclusion(final ConclusionDecoder message) {
        final double train = message.train();
        final double test = message.test();
        final String metric = message.metric();
        totals.result(new JobResult(metric, train, test, message.model()));
    }

    private void onFailure(final FailureDecoder message) {
        final MemberState member = member(message.role(), message.index());
        fail(member.describe() + ": " + message.reason());
    }

    private void onLeave(final LeaveDecoder message) {
        final MemberState member = member(message.role(), message.index());
        member.leaves();
        if (ending == null) {
            fail(member.describe() + " left before the job was done");
        }
    }

    private MemberState member(final RoleCode role, final int index) {
        final Member.Role kind = role == RoleCode.SHARD ? Member.Role.SHARD : Member.Role.CLIENT;
        final MemberState member = role == RoleCode.SHARD || role == RoleCode.CLIENT ? roster.find(kind, index) : null;
        if (member == null) {
            throw new BadMessageException(role + " " + index + " has not joined");
        }
        return member;
    }

    private int worker(final int worker) {
        if (worker < 0 || worker >= context.clients() * context.workersPerClient()) {
            throw new BadMessageException("worker " + worker + " is not part of the job");
        }
        return worker;
    }

    @Override
    public void onClose() {
        if (outcome == null) {
            outcome = new Outcome(false, "the coordinator was closed");
        }
        transport.close();
    }
}
