package io.rubato.coordinator;

import io.rubato.JobResult;
import io.rubato.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/** Collects the summaries at the end of a job; each may come more than once. */
final class JobTotals {
    private final WorkerReport[] workers;
    private final long[] maxClockGaps;
    private final long[][] clients;
    private final long[][] shards;
    private JobResult result;

    JobTotals(final int workers, final int clients, final int shards) {
        this.workers = new WorkerReport[workers];
        this.maxClockGaps = new long[workers];
        this.clients = new long[clients][];
        this.shards = new long[shards][];
    }

    /** The gap is that of one-sided reads; of others the shards know. */
    void worker(final WorkerReport report, final long maxClockGap) {
        workers[report.worker()] = report;
        maxClockGaps[report.worker()] = maxClockGap;
    }

    void client(final int index, final long deltaRowsSent, final long bytesSent, final long badMessages) {
        clients[index] = new long[] {deltaRowsSent, bytesSent, badMessages};
    }

    void shard(final int index, final long deltaRowsApplied, final long bytesSent, final long badMessages,
            final long duplicates, final long maxClockGap) {
        shards[index] = new long[] {deltaRowsApplied, bytesSent, badMessages, duplicates, maxClockGap};
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
        final long sent = sum(clients, 0);
        final long applied = sum(shards, 0);
        return sent == applied ? null
                : "the books do not balance: clients sent " + sent + " row deltas, shards applied " + applied;
    }

    JobReport report(final JobProgress progress, final double seconds, final List<Member> members,
            final List<Table> tables, final long ownBadMessages) {
        return new JobReport(result, progress.objective(), seconds, progress.trainSeconds(), progress.itemsPerSecond(),
                sum(clients, 0), sum(shards, 0),
                LongStream.concat(Arrays.stream(shards).mapToLong(row -> row[4]), Arrays.stream(maxClockGaps)).max()
                        .orElse(0),
                sum(clients, 1) + sum(shards, 1),
                sum(shards, 3),
                sum(clients, 2) + sum(shards, 2) + ownBadMessages, List.of(workers), members, tables);
    }

    private static long sum(final long[][] rows, final int column) {
        return Arrays.stream(rows).mapToLong(row -> row[column]).sum();
    }
}
