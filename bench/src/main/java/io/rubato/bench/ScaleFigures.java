package io.rubato.bench;

import io.rubato.store.SlabStoreFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a job of some size costs.
 *
 * @param push        nanoseconds per delta of a row, applied; of all workers together
 * @param pull        nanoseconds per row image; of all workers together
 * @param clock       microseconds per clock in which nothing was done
 * @param gate        microseconds per clock and one read that passes the gate
 * @param slabBytes   of all shards, on file
 * @param shardBytes  resident, of all shard processes, their slabs included
 * @param clientBytes resident, of one client process
 */
record ScaleFigures(double push, double pull, double clock, double gate, double slabBytes, double shardBytes,
        double clientBytes) {
    /**
     * How much to measure.
     *
     * @param batch  rows in a clock, of each worker that adds or pulls; no more than {@link RowVisits} has
     * @param clocks of each measurement
     */
    record Effort(int batch, int clocks) {
    }

    /** Starts the job, touches every row, measures, and ends it. */
    static ScaleFigures measure(final ScalePoint point, final Effort effort) throws IOException {
        try (LocalCluster cluster = new LocalCluster(Wire.of(false, 0), point.shards(), point.workers())) {
            cluster.askClients("table", ClientWork.ROWS, point.shards(), point.rows(), point.columns(),
                    point.staleness());
            cluster.askClients("touch");
            // So that compilers have seen everything.
            cluster.askClients("push", effort.clocks(), effort.batch());
            cluster.askClients("pull", effort.clocks(), effort.batch());
            cluster.askClients("gates", 1_000);
            final double push = nanos(cluster.askClients("push", effort.clocks(), effort.batch()));
            final double pull = nanos(cluster.askClients("pull", effort.clocks(), effort.batch()));
            final double clock = point.workers() * nanos(cluster.askClients("clocks", 100 * effort.clocks())) / 1e3;
            final double gate = point.workers() * nanos(cluster.askClients("gates", 100 * effort.clocks())) / 1e3;
            cluster.askClients("verify");
            return new ScaleFigures(push, pull, clock, gate, slabBytes(cluster, point.shards()),
                    cluster.shards().stream().mapToLong(Child::residentBytes).sum(),
                    cluster.clients().stream().mapToLong(Child::residentBytes).average().orElseThrow());
        }
    }

    /** Per operation of all clients together. */
    static double nanos(final List<Map<String, Double>> answers) {
        final double seconds = answers.stream().mapToDouble(answer -> answer.get("seconds")).max().orElseThrow();
        return 1e9 * seconds / answers.stream().mapToDouble(answer -> answer.get("operations")).sum();
    }

    private static long slabBytes(final LocalCluster cluster, final int shards) throws IOException {
        long bytes = 0;
        for (int shard = 0; shard < shards; shard++) {
            bytes += Files.size(SlabStoreFactory.file(Member.store(cluster.directory()), ClientWork.ROWS, shard));
        }
        return bytes;
    }

    /** All costs by the names under which they are printed. */
    Map<String, Double> costs() {
        final Map<String, Double> costs = new LinkedHashMap<>();
        costs.put("push ns/row", push);
        costs.put("pull ns/row", pull);
        costs.put("clock us", clock);
        costs.put("gate us", gate);
        costs.put("slab MiB", mebi(slabBytes));
        costs.put("shards MiB", mebi(shardBytes));
        costs.put("over slab MiB", mebi(shardBytes - slabBytes));
        costs.put("client MiB", mebi(clientBytes));
        return costs;
    }

    private static double mebi(final double bytes) {
        return bytes / (1 << 20);
    }
}
