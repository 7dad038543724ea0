package io.rubato.coordinator;

import io.rubato.JobResult;
import io.rubato.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Collects the summaries at the end of a job; each may come more than once. */
final class JobTotals {
    private final WorkerReport[] workers;
    private final long[] maxClockGaps;
    private final Summary[] clients;
    private final Summary[] shards;
    private JobResult result;

    JobTotals(final int workers, final int clients, final int shards) {
        this.workers = new WorkerReport[workers];
        this.maxClockGaps = new long[workers];
        this.clients = new Summary[clients];
        this.shards = new Summary[shards];
    }

    /**
     * What a member tells of itself.
     *
     * @param deltaRows      sent by a client, applied by a shard
     * @param oneSidedDeltas those that a shard applied where workers wrote them
     * @param bytesSent      in messages
     * @param backPressured  how often a stream began to take nothing
     * @param badMessages    malformed ones that were dropped
     * @param duplicates     messages that a shard had applied before and dropped
     * @param maxClockGap    of a shard: largest lead over the slowest worker with which a read by message went on
     */
    record Summary(long deltaRows, long oneSidedDeltas, long bytesSent, long backPressured, long badMessages,
            long duplicates, long maxClockGap) {
        /** Of one that applies no deltas. */
        static Summary of(final long deltaRows, final long bytesSent, final long backPressured,
                final long badMessages) {
            return new Summary(deltaRows, 0, bytesSent, backPressured, badMessages, 0, 0);
        }
    }

    /** The gap is that of one-sided reads; of others the shards know. */
    void worker(final WorkerReport report, final long maxClockGap) {
        workers[report.worker()] = report;
        maxClockGaps[report.worker()] = maxClockGap;
    }

    void client(final int index, final Summary summary) {
        clients[index] = summary;
    }

    void shard(final int index, final Summary summary) {
        shards[index] = summary;
    }

    void result(final JobResult concluded) {
        result = concluded;
    }

    boolean isEveryClientDone() {
        return Arrays.stream(clients).allMatch(Objects::nonNull) && Arrays.stream(workers).allMatch(Objects::nonNull);
    }

    boolean isShardDone(final int shard) {
        return shards[shard] != null;
    }

    boolean isEveryShardDone() {
        return Arrays.stream(shards).allMatch(Objects::nonNull);
    }

    /** The job's own check of its books; null if they balance. */
    String imbalance() {
        final long sent = sum(Summary::deltaRows, Arrays.stream(clients));
        final long applied = sum(Summary::deltaRows, Arrays.stream(shards));
        return sent == applied ? null
                : "the books do not balance: clients sent " + sent + " row deltas, shards applied " + applied;
    }

    /** The coordinator's own summary is of messages only. */
    JobReport report(final JobProgress progress, final double seconds, final List<Member> members,
            final List<Table> tables, final Summary own) {
        return new JobReport(result, progress.objective(), seconds, progress.trainSeconds(), progress.itemsPerSecond(),
                sum(Summary::deltaRows, Arrays.stream(clients)), sum(Summary::deltaRows, Arrays.stream(shards)),
                sum(Summary::oneSidedDeltas, Arrays.stream(shards)),
                LongStream.concat(Arrays.stream(shards).mapToLong(Summary::maxClockGap), Arrays.stream(maxClockGaps))
                        .max().orElse(0),
                sum(Summary::bytesSent, everybody(own)), sum(Summary::backPressured, everybody(own)),
                sum(Summary::duplicates, Arrays.stream(shards)), sum(Summary::badMessages, everybody(own)),
                List.of(workers), members, tables);
    }

    private Stream<Summary> everybody(final Summary own) {
        return Stream.concat(Stream.of(own), Stream.concat(Arrays.stream(clients), Arrays.stream(shards)));
    }

    private static long sum(final ToLongFunction<Summary> figure, final Stream<Summary> summaries) {
        return summaries.mapToLong(figure).sum();
    }
}
