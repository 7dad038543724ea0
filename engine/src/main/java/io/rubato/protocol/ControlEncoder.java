package io.rubato.protocol;

import io.rubato.JobResult;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.protocol.sbe.AdmittedEncoder;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.ClientSummaryEncoder;
import io.rubato.protocol.sbe.ClockReportEncoder;
import io.rubato.protocol.sbe.ConclusionEncoder;
import io.rubato.protocol.sbe.CoordinatorHeartbeatEncoder;
import io.rubato.protocol.sbe.CreateTableEncoder;
import io.rubato.protocol.sbe.FailureEncoder;
import io.rubato.protocol.sbe.FinishEncoder;
import io.rubato.protocol.sbe.HeartbeatEncoder;
import io.rubato.protocol.sbe.JoinEncoder;
import io.rubato.protocol.sbe.LeaveEncoder;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import io.rubato.protocol.sbe.OpenTableEncoder;
import io.rubato.protocol.sbe.RefusedEncoder;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.protocol.sbe.ShardSummaryEncoder;
import io.rubato.protocol.sbe.StartEncoder;
import io.rubato.protocol.sbe.StopEncoder;
import io.rubato.protocol.sbe.TableOpenedEncoder;
import io.rubato.protocol.sbe.TableReadyEncoder;
import io.rubato.protocol.sbe.TableRefusedEncoder;
import io.rubato.protocol.sbe.WorkerSummaryEncoder;
import java.util.List;
import org.agrona.ExpandableDirectByteBuffer;

/**
 * Encodes the messages between members and coordinator into a buffer of its own; then {@link #sendTo}. Messages with
 * deltas and images do not pass here: they are written straight into the transport's buffer. Used by one thread; only
 * messages with text allocate.
 */
public final class ControlEncoder {
    private static final int MAX_TEXT = 32 * 1024;

    private final ExpandableDirectByteBuffer buffer = new ExpandableDirectByteBuffer(1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final JoinEncoder join = new JoinEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final ClockReportEncoder clockReport = new ClockReportEncoder();
    private final CreateTableEncoder createTable = new CreateTableEncoder();
    private final TableOpenedEncoder tableOpened = new TableOpenedEncoder();
    private final WorkerSummaryEncoder workerSummary = new WorkerSummaryEncoder();
    private final ClientSummaryEncoder clientSummary = new ClientSummaryEncoder();
    private final ShardSummaryEncoder shardSummary = new ShardSummaryEncoder();
    private final ConclusionEncoder conclusion = new ConclusionEncoder();
    private final FailureEncoder failure = new FailureEncoder();
    private final LeaveEncoder leave = new LeaveEncoder();
    private final AdmittedEncoder admitted = new AdmittedEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();
    private final StartEncoder start = new StartEncoder();
    private final OpenTableEncoder openTable = new OpenTableEncoder();
    private final TableReadyEncoder tableReady = new TableReadyEncoder();
    private final TableRefusedEncoder tableRefused = new TableRefusedEncoder();
    private final CoordinatorHeartbeatEncoder coordinatorHeartbeat = new CoordinatorHeartbeatEncoder();
    private final FinishEncoder finish = new FinishEncoder();
    private final StopEncoder stop = new StopEncoder();
    private int length;

    /** With an empty buffer. */
    public ControlEncoder() {
    }

    /** One worker's line of a heartbeat. */
    @FunctionalInterface
    public interface WorkerLines {
        /**
         * Writes the line of the i-th worker of the client.
         *
         * @param i    from 0
         * @param line to write
         */
        void write(int i, HeartbeatEncoder.WorkersEncoder line);
    }

    /**
     * Where to find a member.
     *
     * @param role    of the member
     * @param index   within the role
     * @param address it receives at
     */
    public record Peer(RoleCode role, int index, String address) {
    }

    /**
     * Sends what was encoded last.
     *
     * @param link to whom
     * @return false if that was not possible now
     */
    public boolean sendTo(final Link link) {
        return link.send(buffer, length);
    }

    /**
     * Encodes a request for admission.
     *
     * @param role    asked for
     * @param index   within the role
     * @param pid     of the process
     * @param nonce   new for every process
     * @param mac     proof of the secret
     * @param address where the process receives
     * @return this
     */
    public ControlEncoder join(final RoleCode role, final int index, final long pid, final long nonce, final byte[] mac,
            final String address) {
        join.wrapAndApplyHeader(buffer, 0, header).job(0).role(role).index(index).pid(pid).nonce(nonce)
                .putMac(mac, 0, Authenticator.MAC_LENGTH).address(address);
        return ended(join.encodedLength());
    }

    /**
     * Encodes a sign of life.
     *
     * @param job     id
     * @param role    of the sender
     * @param index   within the role
     * @param started whether Start has arrived
     * @param workers number of lines
     * @param lines   writes them
     * @return this
     */
    public ControlEncoder heartbeat(final long job, final RoleCode role, final int index, final boolean started,
            final int workers, final WorkerLines lines) {
        final HeartbeatEncoder.WorkersEncoder group =
                heartbeat.wrapAndApplyHeader(buffer, 0, header).job(job).role(role)
                        .index(index).started(started ? BooleanCode.TRUE : BooleanCode.FALSE).workersCount(workers);
        for (int i = 0; i < workers; i++) {
            lines.write(i, group.next());
        }
        return ended(heartbeat.encodedLength());
    }

    /**
     * Encodes what a worker did since its last report.
     *
     * @param job         id
     * @param worker      index
     * @param clock       clocks ended so far
     * @param items       processed
     * @param samples     that the loss is divided by
     * @param loss        sum
     * @param testSamples that the test loss is divided by
     * @param testLoss    sum over held-out data
     * @param nanos       length of what is reported
     * @return this
     */
    public ControlEncoder clockReport(final long job, final int worker, final long clock, final long items,
            final long samples, final double loss, final long testSamples, final double testLoss, final long nanos) {
        clockReport.wrapAndApplyHeader(buffer, 0, header).job(job).worker(worker).clock(clock).items(items)
                .samples(samples).loss(loss).testSamples(testSamples).testLoss(testLoss).nanos(nanos);
        return ended(clockReport.encodedLength());
    }

    /**
     * Encodes the wish for a table.
     *
     * @param job    id
     * @param client index
     * @param spec   of the table
     * @return this
     */
    public ControlEncoder createTable(final long job, final int client, final TableSpec spec) {
        createTable.wrapAndApplyHeader(buffer, 0, header).job(job).client(client).rows(spec.rows())
                .columns(spec.columns()).element(Codes.encode(spec.type())).encoding(Codes.encode(spec.encoding()));
        Codes.encode(spec.consistency(), createTable.consistency());
        createTable.name(spec.name());
        return ended(createTable.encodedLength());
    }

    /**
     * Encodes a shard's word on a table.
     *
     * @param job     id
     * @param shard   index
     * @param table   id
     * @param problem empty if it is open
     * @return this
     */
    public ControlEncoder tableOpened(final long job, final int shard, final int table, final String problem) {
        tableOpened.wrapAndApplyHeader(buffer, 0, header).job(job).shard(shard).table(table).problem(cut(problem));
        return ended(tableOpened.encodedLength());
    }

    /**
     * Starts a worker's summary; the caller fills in the fields and ends with {@link #workerSummaryDone}.
     *
     * @param job id
     * @return the encoder, its fields not yet set
     */
    public WorkerSummaryEncoder workerSummary(final long job) {
        return workerSummary.wrapAndApplyHeader(buffer, 0, header).job(job);
    }

    /**
     * Ends a worker's summary.
     *
     * @return this
     */
    public ControlEncoder workerSummaryDone() {
        return ended(workerSummary.encodedLength());
    }

    /**
     * Encodes a client's totals.
     *
     * @param job           id
     * @param client        index
     * @param deltaRowsSent resends not counted
     * @param traffic       to anyone
     * @param badMessages   dropped
     * @return this
     */
    public ControlEncoder clientSummary(final long job, final int client, final long deltaRowsSent,
            final Traffic traffic, final long badMessages) {
        clientSummary.wrapAndApplyHeader(buffer, 0, header).job(job).client(client).deltaRowsSent(deltaRowsSent)
                .bytesSent(traffic.bytesSent()).backPressured(traffic.backPressured()).badMessages(badMessages);
        return ended(clientSummary.encodedLength());
    }

    /**
     * Encodes a shard's totals.
     *
     * @param job              id
     * @param shard            index
     * @param deltaRowsApplied each once
     * @param oneSidedDeltas   those of them that were applied where workers wrote them
     * @param traffic          to anyone
     * @param duplicates       messages dropped because they had been applied before
     * @param badMessages      dropped
     * @param maxClockGap      largest lead over the slowest worker with which a read went on
     * @return this
     */
    public ControlEncoder shardSummary(final long job, final int shard, final long deltaRowsApplied,
            final long oneSidedDeltas, final Traffic traffic, final long duplicates, final long badMessages,
            final long maxClockGap) {
        shardSummary.wrapAndApplyHeader(buffer, 0, header).job(job).shard(shard).deltaRowsApplied(deltaRowsApplied)
                .oneSidedDeltas(oneSidedDeltas).bytesSent(traffic.bytesSent()).backPressured(traffic.backPressured())
                .duplicates(duplicates).badMessages(badMessages).maxClockGap(maxClockGap);
        return ended(shardSummary.encodedLength());
    }

    /**
     * Encodes the learner's result.
     *
     * @param job    id
     * @param worker that concluded
     * @param result of the job
     * @return this
     */
    public ControlEncoder conclusion(final long job, final int worker, final JobResult result) {
        conclusion.wrapAndApplyHeader(buffer, 0, header).job(job).worker(worker).train(result.train())
                .test(result.test()).metric(cut(result.metric())).model(cut(result.model()));
        return ended(conclusion.encodedLength());
    }

    /**
     * Encodes why a member cannot go on.
     *
     * @param job    id
     * @param role   of the member
     * @param index  within the role
     * @param reason one sentence
     * @return this
     */
    public ControlEncoder failure(final long job, final RoleCode role, final int index, final String reason) {
        failure.wrapAndApplyHeader(buffer, 0, header).job(job).role(role).index(index).reason(cut(reason));
        return ended(failure.encodedLength());
    }

    /**
     * Encodes a farewell.
     *
     * @param job   id
     * @param role  of the member
     * @param index within the role
     * @return this
     */
    public ControlEncoder leave(final long job, final RoleCode role, final int index) {
        leave.wrapAndApplyHeader(buffer, 0, header).job(job).role(role).index(index);
        return ended(leave.encodedLength());
    }

    /**
     * Encodes an admission.
     *
     * @param job              id
     * @param shards           of the job
     * @param clients          of the job
     * @param workersPerClient of the job
     * @param mac              the coordinator's proof of the secret
     * @param config           of the job
     * @return this
     */
    public ControlEncoder admitted(final long job, final int shards, final int clients, final int workersPerClient,
            final byte[] mac, final String config) {
        admitted.wrapAndApplyHeader(buffer, 0, header).job(job).shards(shards).clients(clients)
                .workersPerClient(workersPerClient).putMac(mac, 0, Authenticator.MAC_LENGTH).config(config);
        return ended(admitted.encodedLength());
    }

    /**
     * Encodes a refusal.
     *
     * @param nonce  of the one who asked
     * @param reason one sentence
     * @return this
     */
    public ControlEncoder refused(final long nonce, final String reason) {
        refused.wrapAndApplyHeader(buffer, 0, header).nonce(nonce).reason(cut(reason));
        return ended(refused.encodedLength());
    }

    /**
     * Encodes the start of the job.
     *
     * @param job   id
     * @param peers everyone
     * @return this
     */
    public ControlEncoder start(final long job, final List<Peer> peers) {
        final StartEncoder.MembersEncoder group = start.wrapAndApplyHeader(buffer, 0, header).job(job)
                .membersCount(peers.size());
        for (final Peer peer : peers) {
            group.next().role(peer.role()).index(peer.index()).address(peer.address());
        }
        return ended(start.encodedLength());
    }

    /**
     * Encodes the order to open a table.
     *
     * @param job   id
     * @param table to open
     * @return this
     */
    public ControlEncoder openTable(final long job, final Table table) {
        final TableSpec spec = table.spec();
        openTable.wrapAndApplyHeader(buffer, 0, header).job(job).table(table.id()).rows(spec.rows())
                .columns(spec.columns()).element(Codes.encode(spec.type())).encoding(Codes.encode(spec.encoding()));
        Codes.encode(spec.consistency(), openTable.consistency());
        openTable.name(spec.name());
        return ended(openTable.encodedLength());
    }

    /**
     * Encodes that every shard has opened a table.
     *
     * @param job   id
     * @param table that is open
     * @return this
     */
    public ControlEncoder tableReady(final long job, final Table table) {
        tableReady.wrapAndApplyHeader(buffer, 0, header).job(job).table(table.id()).name(table.spec().name());
        return ended(tableReady.encodedLength());
    }

    /**
     * Encodes that a table cannot be had.
     *
     * @param job    id
     * @param name   of the table
     * @param reason one sentence
     * @return this
     */
    public ControlEncoder tableRefused(final long job, final String name, final String reason) {
        tableRefused.wrapAndApplyHeader(buffer, 0, header).job(job).name(name).reason(cut(reason));
        return ended(tableRefused.encodedLength());
    }

    /**
     * Encodes the coordinator's sign of life.
     *
     * @param job id
     * @return this
     */
    public ControlEncoder coordinatorHeartbeat(final long job) {
        coordinatorHeartbeat.wrapAndApplyHeader(buffer, 0, header).job(job);
        return ended(coordinatorHeartbeat.encodedLength());
    }

    /**
     * Encodes the request for a shard's summary.
     *
     * @param job id
     * @return this
     */
    public ControlEncoder finish(final long job) {
        finish.wrapAndApplyHeader(buffer, 0, header).job(job);
        return ended(finish.encodedLength());
    }

    /**
     * Encodes the end of the job.
     *
     * @param job     id
     * @param success whether it ended well
     * @param reason  one sentence
     * @return this
     */
    public ControlEncoder stop(final long job, final boolean success, final String reason) {
        stop.wrapAndApplyHeader(buffer, 0, header).job(job).success(success ? BooleanCode.TRUE : BooleanCode.FALSE)
                .reason(cut(reason));
        return ended(stop.encodedLength());
    }

    private static String cut(final String text) {
        return text.length() <= MAX_TEXT / 3 ? text : text.substring(0, MAX_TEXT / 3);
    }

    private ControlEncoder ended(final int bodyLength) {
        length = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        return this;
    }
}
