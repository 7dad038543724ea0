package io.rubato.client;

import io.rubato.clock.VectorClock;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.MemberSession;
import io.rubato.protocol.sbe.HeartbeatEncoder;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.protocol.sbe.WorkerSummaryEncoder;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.agrona.concurrent.NanoClock;

/**
 * What a client tells the coordinator about its workers: signs of life, clock reports, a failure, and at the end the
 * summaries. Used by the agent's thread, except where said.
 */
final class Reporting {
    private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int DRAIN_LIMIT = 16;
    /** Of a worker's summary, without its histogram, at most. */
    private static final int SUMMARY_BYTES = 256;

    private final MemberSession session;
    private final ControlEncoder encoder;
    private final NanoClock clock;
    private final int client;
    private final ClientWorker[] workers;
    private final WorkerDrain[] drains;
    private final Demand[] demands;
    private final IntUnaryOperator waitsFor;
    /** Of a histogram that fits a message. */
    private final int mostBuckets;
    private final ReportQueue.Handler[] forwards;
    private final ControlEncoder.WorkerLines lines = this::heartbeatLine;
    private ShardLink[] shards = new ShardLink[0];
    private long nextRepeatNs;
    private volatile String failure;

    Reporting(final MemberSession session, final ControlEncoder encoder, final NanoClock clock, final int client,
            final ClientWorker[] workers, final WorkerDrain[] drains, final Demand[] demands,
            final IntUnaryOperator waitsFor, final int maxMessageLength) {
        this.session = session;
        this.encoder = encoder;
        this.clock = clock;
        this.client = client;
        this.workers = workers;
        this.drains = drains;
        this.demands = demands;
        this.waitsFor = waitsFor;
        this.mostBuckets = Math.min(WorkerSummaryEncoder.StalenessEncoder.countMaxValue(),
                (maxMessageLength - SUMMARY_BYTES) / WorkerSummaryEncoder.StalenessEncoder.sbeBlockLength());
        this.forwards = new ReportQueue.Handler[workers.length];
        for (int i = 0; i < workers.length; i++) {
            final int worker = workers[i].index();
            forwards[i] = (ended, items, samples, loss, testSamples, testLoss, nanos) -> encoder
                    .clockReport(session.job(), worker, ended, items, samples, loss, testSamples, testLoss, nanos)
                    .sendTo(session.coordinator());
        }
        this.nextRepeatNs = clock.nanoTime();
    }

    /** Any thread: the job is to fail for this reason. */
    void failed(final String why) {
        failure = why;
    }

    int work(final ShardLink[] shardLinks, final long badMessages) {
        shards = shardLinks;
        if (session.job() == 0) {
            return 0;
        }
        int work = 0;
        if (session.heartbeatIsDue() && encoder
                .heartbeat(session.job(), RoleCode.CLIENT, client, session.isStarted(), workers.length, lines)
                .sendTo(session.coordinator())) {
            session.heartbeatSent();
            work++;
        }
        for (int i = 0; i < workers.length; i++) {
            work += workers[i].reports().drain(forwards[i], DRAIN_LIMIT);
        }
        final long now = clock.nanoTime();
        if (now - nextRepeatNs >= 0) {
            if (failure != null) {
                encoder.failure(session.job(), RoleCode.CLIENT, client, failure).sendTo(session.coordinator());
                nextRepeatNs = now + REPEAT_NS;
            } else if (isEverythingDone()) {
                summarise(badMessages);
                nextRepeatNs = now + REPEAT_NS;
            }
        }
        return work;
    }

    private void heartbeatLine(final int i, final HeartbeatEncoder.WorkersEncoder line) {
        final Demand demand = demands[i];
        final boolean waits = demand.table() != Demand.NOTHING && demand.shard() < shards.length;
        line.worker(workers[i].index())
                .clock(workers[i].isRetired() ? VectorClock.RETIRED : workers[i].clockSeenByAgent())
                .waitNanos(waits ? Math.max(1, clock.nanoTime() - demand.sinceNs()) : 0)
                .shard(waits ? demand.shard() : -1).slowest(waits ? waitsFor.applyAsInt(i) : -1);
    }

    /** Every worker has retired, and every shard has acknowledged everything. */
    private boolean isEverythingDone() {
        for (final ClientWorker worker : workers) {
            if (!worker.isRetired() || !worker.commands().isEmpty() || !worker.reports().isEmpty()) {
                return false;
            }
        }
        for (final ShardLink shard : shards) {
            if (!shard.isAllAcknowledged()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The client's own summary comes last and only if all before it went out: with it the coordinator takes the client
     * for done.
     */
    private void summarise(final long badMessages) {
        long deltaRowsSent = 0;
        for (int i = 0; i < workers.length; i++) {
            if (!conclude(workers[i]) || !summarise(workers[i])) {
                return;
            }
            deltaRowsSent += drains[i].deltaRowsSent();
        }
        encoder.clientSummary(session.job(), client, deltaRowsSent, session.traffic(), badMessages)
                .sendTo(session.coordinator());
    }

    private boolean conclude(final ClientWorker worker) {
        return worker.result() == null || encoder.conclusion(session.job(), worker.index(), worker.result())
                .sendTo(session.coordinator());
    }

    private boolean summarise(final ClientWorker worker) {
        final WorkerStats stats = worker.stats();
        long rowsRead = 0;
        long oneSidedReads = 0;
        long maxClockGap = 0;
        final int last = lastLag(worker);
        for (final WorkerTable table : worker.tables()) {
            rowsRead += table == null ? 0 : table.recorder().rowsRead();
            if (table != null && table.oneSidedReads() != null) {
                oneSidedReads += table.oneSidedReads().count();
                maxClockGap = Math.max(maxClockGap, table.oneSidedReads().maxClockGap());
            }
        }
        final WorkerSummaryEncoder.StalenessEncoder histogram = encoder.workerSummary(session.job()).client(client)
                .worker(worker.index()).clocks(worker.clockSeenByAgent()).items(stats.items())
                .computeNanos(worker.lifeNanos() - stats.waitNanos()).waitNanos(stats.waitNanos())
                .rowsRead(rowsRead).cacheHits(rowsRead - stats.misses()).oneSidedReads(oneSidedReads)
                .maxClockGap(maxClockGap).stalenessCount(buckets(worker, last));
        for (final WorkerTable table : worker.tables()) {
            for (int lag = 0; table != null && lag <= last; lag++) {
                final long reads = table.recorder().reads(lag, last);
                if (reads > 0) {
                    histogram.next().table(table.table().id()).lag(lag).reads(reads);
                }
            }
        }
        return encoder.workerSummaryDone().sendTo(session.coordinator());
    }

    /** From which on lags are told as one, so that the histogram fits a message. */
    private int lastLag(final ClientWorker worker) {
        int last = StalenessRecorder.MAX_LAG;
        while (last > 0 && buckets(worker, last) > mostBuckets) {
            last /= 2;
        }
        return last;
    }

    private static int buckets(final ClientWorker worker, final int last) {
        int buckets = 0;
        for (final WorkerTable table : worker.tables()) {
            buckets += table == null ? 0 : table.recorder().distinctLags(last);
        }
        return buckets;
    }
}
