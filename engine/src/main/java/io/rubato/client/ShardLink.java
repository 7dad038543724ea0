package io.rubato.client;

import io.rubato.TableSpec;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.Link;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.ClockAdvanceEncoder;
import io.rubato.protocol.sbe.DeltaBatchEncoder;
import io.rubato.protocol.sbe.DeltaRunEncoder;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import io.rubato.protocol.sbe.ReadRequestEncoder;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/**
 * The client's side of its stream to one shard. Sequenced messages are numbered 1, 2, 3, ... and remembered until the
 * shard has acknowledged them; when it reports a gap, or nothing has been acknowledged for a while, everything from the
 * first unacknowledged one on is sent again (go-back-N), encoded anew from the delta logs. Deltas that the shard sees
 * in the log are told by their place there, others travel in the message. Used by the agent's thread.
 */
final class ShardLink {
    private static final int CLOCK_ONLY = -1;
    private static final long RESEND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int BATCH_OVERHEAD = MessageHeaderEncoder.ENCODED_LENGTH + DeltaBatchEncoder.BLOCK_LENGTH
            + DeltaBatchEncoder.rowsHeaderLength();
    private static final int RUN_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + DeltaRunEncoder.BLOCK_LENGTH;
    private static final int CLOCK_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ClockAdvanceEncoder.BLOCK_LENGTH;
    private static final int READ_OVERHEAD = MessageHeaderEncoder.ENCODED_LENGTH + ReadRequestEncoder.BLOCK_LENGTH
            + ReadRequestEncoder.rowsHeaderLength();

    private final long job;
    private final int client;
    private final Link link;
    private final int maxClaimLength;
    private final ClientWorker[] workers;
    private final int firstWorker;
    private final int shard;
    private final int window;
    private final int[] sentWorker;
    private final int[] sentTable;
    private final long[] sentFrom;
    private final int[] sentCount;
    private final long[] sentClock;
    /** Of each worker of this client, the clock below which all its deltas are applied. */
    private final long[] acknowledgedClock;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DeltaBatchEncoder deltaBatch = new DeltaBatchEncoder();
    private final DeltaRunEncoder deltaRun = new DeltaRunEncoder();
    private final ClockAdvanceEncoder clockAdvance = new ClockAdvanceEncoder();
    private final ReadRequestEncoder readRequest = new ReadRequestEncoder();

    private long lastSequence;
    private long acknowledged;
    private long resendFrom;
    private long progressNs;
    private long lastRequestId;
    private int slowest = -1;

    ShardLink(final long job, final int client, final int shard, final Link link, final int maxClaimLength,
            final ClientWorker[] workers, final int firstWorker, final int window) {
        this.job = job;
        this.client = client;
        this.shard = shard;
        this.link = link;
        this.maxClaimLength = maxClaimLength;
        this.workers = workers;
        this.firstWorker = firstWorker;
        this.window = window;
        this.sentWorker = new int[window];
        this.sentTable = new int[window];
        this.sentFrom = new long[window];
        this.sentCount = new int[window];
        this.sentClock = new long[window];
        this.acknowledgedClock = new long[workers.length];
    }

    /** Most rows of one read request. */
    static int maxReadRows(final int maxClaimLength) {
        return (maxClaimLength - READ_OVERHEAD) / Integer.BYTES;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** The clock k of one of the client's workers such that all its deltas stamped less than k are applied. */
    long acknowledgedClock(final int worker) {
        return acknowledgedClock[worker];
    }

    boolean isAllAcknowledged() {
        return acknowledged == lastSequence;
    }

    /** The worker that the shard's minimum clock waits for; -1 before it has said. */
    int slowest() {
        return slowest;
    }

    /** Sends a prefix of records from..to-1 as one message; returns how many, 0 if the shard does not take any now. */
    int sendDeltas(final int worker, final int table, final long from, final long to, final long clock) {
        if (!mayAdvance()) {
            return 0;
        }
        final DeltaLog log = workers[worker].table(table).deltas().log(shard);
        final TableSpec spec = workers[worker].table(table).spec();
        final int shared = log.sharedRun(from, to);
        if (shared > 0) {
            if (!encodeRun(lastSequence + 1, worker, table, from, shared, clock)) {
                return 0;
            }
            remember(worker, table, from, shared, clock);
            return shared;
        }
        int length = 0;
        int count = 0;
        boolean fits = true;
        while (fits && from + count < to && log.sharedRun(from + count, to) == 0) {
            final int record = recordLength(log, spec, from + count);
            final int run = Math.max(1, log.run(from + count, to));
            // One goes whatever its length: the transport cuts it up.
            final int taken = Math.max(count == 0 ? 1 : 0,
                    Math.min(run, (maxClaimLength - BATCH_OVERHEAD - length) / record));
            length += taken * record;
            count += taken;
            fits = taken == run;
        }
        if (!encodeDeltas(lastSequence + 1, worker, table, from, count, clock, length)) {
            return 0;
        }
        remember(worker, table, from, count, clock);
        return count;
    }

    /** Announces that a worker has reached a clock; false if the shard does not take it now. */
    boolean sendClock(final int worker, final long clock) {
        if (!mayAdvance() || !encodeClock(lastSequence + 1, worker, clock)) {
            return false;
        }
        remember(worker, CLOCK_ONLY, 0, 0, clock);
        return true;
    }

    private boolean mayAdvance() {
        return resendFrom == 0 && lastSequence - acknowledged < window;
    }

    private void remember(final int worker, final int table, final long from, final int count, final long clock) {
        final int i = (int) (++lastSequence & window - 1);
        sentWorker[i] = worker;
        sentTable[i] = table;
        sentFrom[i] = from;
        sentCount[i] = count;
        sentClock[i] = clock;
    }

    private boolean encodeDeltas(final long sequence, final int worker, final int table, final long from,
            final int count, final long clock, final int length) {
        if (!link.claim(BATCH_OVERHEAD + length)) {
            return false;
        }
        final DeltaLog log = workers[worker].table(table).deltas().log(shard);
        final TableSpec spec = workers[worker].table(table).spec();
        deltaBatch.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).sequence(sequence).clock(clock)
                .client(client).worker(firstWorker + worker).table(table).rowCount(count);
        final int rows = deltaBatch.limit();
        link.buffer().putInt(rows, length);
        long at = Memory.address(link.buffer(), rows + DeltaBatchEncoder.rowsHeaderLength());
        for (long n = from; n < from + count; n++) {
            log.sequence(n, sequence);
        }
        encodeRecords(log, spec, from, from + count, at);
        link.commit();
        return true;
    }

    private boolean encodeRun(final long sequence, final int worker, final int table, final long from,
            final int count, final long clock) {
        if (!link.claim(RUN_LENGTH)) {
            return false;
        }
        final DeltaLog log = workers[worker].table(table).deltas().log(shard);
        deltaRun.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).sequence(sequence).clock(clock)
                .rowsOffset(log.sharedOffset(from)).client(client).worker(firstWorker + worker).table(table)
                .rowCount(count).rowsLength(count * RowRecords.exactLength(workers[worker].table(table).spec()));
        for (long n = from; n < from + count; n++) {
            log.sequence(n, sequence);
        }
        link.commit();
        return true;
    }

    private static void encodeRecords(final DeltaLog log, final TableSpec spec, final long from, final long to,
            final long start) {
        long at = start;
        long n = from;
        while (n < to) {
            final int run = log.run(n, to);
            if (run > 0) {
                final long length = (long) run * RowRecords.exactLength(spec);
                MemorySegment.copy(Memory.ALL, log.travelling(n), Memory.ALL, at, length);
                at += length;
                n += run;
            } else {
                at += encodeRecord(log, spec, n, at);
                n++;
            }
        }
    }

    private static int recordLength(final DeltaLog log, final TableSpec spec, final long n) {
        if (log.isExact(n)) {
            return RowRecords.exactLength(spec);
        }
        if (log.isList(n)) {
            return RowRecords.sparseLength(spec, log.listLength(n));
        }
        final int dense = RowRecords.denseLength(spec);
        return log.isDense(n) ? dense : Math.min(dense, RowRecords.sparseLength(spec, SparseRows.count(log, spec, n)));
    }

    /**
     * A record goes sparse when that is shorter. What goes as bf16 was rounded before, so that nothing is lost here.
     */
    private static int encodeRecord(final DeltaLog log, final TableSpec spec, final long n, final long at) {
        final int length = recordLength(log, spec, n);
        if (log.isList(n)) {
            MemorySegment.copy(Memory.ALL, log.travelling(n), Memory.ALL, at, length);
        } else if (length == RowRecords.exactLength(spec)) {
            // As many columns as make it no longer than dense.
            RowRecords.header(at, log.row(n), RowRecords.DENSE);
            MemorySegment.copy(Memory.ALL, log.address(n), Memory.ALL, at + RowRecords.HEADER_LENGTH, spec.rowBytes());
        } else if (length == RowRecords.denseLength(spec)) {
            RowRecords.header(at, log.row(n), RowRecords.DENSE_BF16);
            AddressKernels.BEST.roundToBf16(at + RowRecords.HEADER_LENGTH, log.address(n), spec.columns());
        } else {
            final int count = (length - RowRecords.HEADER_LENGTH) / (Integer.BYTES + spec.type().bytes());
            RowRecords.header(at, log.row(n), count);
            SparseRows.encode(log, spec, n, count, at + RowRecords.HEADER_LENGTH);
        }
        return length;
    }

    private boolean encodeClock(final long sequence, final int worker, final long clock) {
        if (!link.claim(CLOCK_LENGTH)) {
            return false;
        }
        clockAdvance.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).sequence(sequence).clock(clock)
                .client(client).worker(firstWorker + worker);
        link.commit();
        return true;
    }

    /** An id that no other read request of this client to this shard has. */
    long nextRequestId() {
        return ++lastRequestId;
    }

    /** Sends a read request; false if the shard does not take it now. */
    boolean sendRead(final ReadRequest request, final long nowNs) {
        final int length = Integer.BYTES * request.count();
        if (!link.claim(READ_OVERHEAD + length)) {
            return false;
        }
        readRequest.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).request(request.id())
                .clock(request.clock()).client(client).worker(request.worker())
                .table(request.table().table().id()).staleness(request.staleness());
        final int rows = readRequest.limit();
        link.buffer().putInt(rows, length);
        for (int i = 0; i < request.count(); i++) {
            link.buffer().putInt(rows + ReadRequestEncoder.rowsHeaderLength() + Integer.BYTES * i, request.row(i));
        }
        link.commit();
        request.sent(nowNs);
        return true;
    }

    /** What was never sent cannot have been applied. */
    void checkApplied(final long applied) {
        if (applied < 0 || applied > lastSequence) {
            throw new BadMessageException("shard " + shard + " has applied " + applied + " of " + lastSequence);
        }
    }

    /** The shard has applied everything up to a sequence number. */
    void onApplied(final long applied, final long nowNs) {
        if (applied > acknowledged) {
            for (long sequence = acknowledged + 1; sequence <= applied; sequence++) {
                final int i = (int) (sequence & window - 1);
                if (sentTable[i] == CLOCK_ONLY) {
                    acknowledgedClock[sentWorker[i]] = sentClock[i];
                }
            }
            acknowledged = applied;
            progressNs = nowNs;
            if (resendFrom != 0 && resendFrom <= applied) {
                resendFrom = applied == lastSequence ? 0 : applied + 1;
            }
        }
    }

    void onStatus(final int slowestWorker, final boolean gap, final long nowNs) {
        slowest = slowestWorker;
        if (gap && resendFrom == 0 && acknowledged < lastSequence) {
            resendFrom = acknowledged + 1;
            progressNs = nowNs;
        }
    }

    /** Resends what is due. */
    int resend(final long nowNs) {
        if (acknowledged == lastSequence) {
            progressNs = nowNs;
            return 0;
        }
        if (resendFrom == 0) {
            if (nowNs - progressNs < RESEND_NS) {
                return 0;
            }
            resendFrom = acknowledged + 1;
        }
        int work = 0;
        while (resendFrom <= lastSequence && encodeAgain(resendFrom)) {
            resendFrom++;
            work++;
        }
        if (resendFrom > lastSequence) {
            resendFrom = 0;
            progressNs = nowNs;
        }
        return work;
    }

    private boolean encodeAgain(final long sequence) {
        final int i = (int) (sequence & window - 1);
        if (sentTable[i] == CLOCK_ONLY) {
            return encodeClock(sequence, sentWorker[i], sentClock[i]);
        }
        final DeltaLog log = workers[sentWorker[i]].table(sentTable[i]).deltas().log(shard);
        final TableSpec spec = workers[sentWorker[i]].table(sentTable[i]).spec();
        if (log.sharedRun(sentFrom[i], sentFrom[i] + sentCount[i]) > 0) {
            return encodeRun(sequence, sentWorker[i], sentTable[i], sentFrom[i], sentCount[i], sentClock[i]);
        }
        int length = 0;
        for (long n = sentFrom[i]; n < sentFrom[i] + sentCount[i]; n++) {
            length += recordLength(log, spec, n);
        }
        return encodeDeltas(sequence, sentWorker[i], sentTable[i], sentFrom[i], sentCount[i], sentClock[i], length);
    }
}
