package io.rubato.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What it costs to push changed rows to their readers.
 *
 * @param row   nanoseconds from clock to clock per changed row, which every reader has got by then
 * @param copy  nanoseconds per row and reader
 * @param shard nanoseconds of the shards' processor time per row and reader, with the addition to the row and idle
 *              cycles; told by ticks of some milliseconds
 */
record PushFigures(double row, double copy, double shard) {
    /** So many times those of other measurements: processor time is told coarsely. */
    private static final int CLOCKS = 5;

    /** Starts the job, lets every worker read the rows so that they are pushed from then on, measures, and ends it. */
    static PushFigures measure(final ScalePoint point, final ScaleFigures.Effort effort) {
        try (LocalCluster cluster = new LocalCluster(Wire.of(false, 0), point.shards(), point.workers())) {
            cluster.askClients("table", ClientWork.PUSHED, point.shards(), point.rows(), point.columns(),
                    point.staleness());
            cluster.askClients("follow", effort.clocks(), effort.batch());
            final int clocks = CLOCKS * effort.clocks();
            final double before = shardSeconds(cluster);
            final double copy = ScaleFigures.nanos(cluster.askClients("follow", clocks, effort.batch()));
            final double rows = (double) clocks * effort.batch() * point.workers();
            return new PushFigures(copy * point.workers(), copy, 1e9 * (shardSeconds(cluster) - before) / rows);
        }
    }

    private static double shardSeconds(final LocalCluster cluster) {
        return cluster.shards().stream().mapToDouble(Child::cpuSeconds).sum();
    }

    /** All costs by the names under which they are printed. */
    Map<String, Double> costs() {
        final Map<String, Double> costs = new LinkedHashMap<>();
        costs.put("ns/row", row);
        costs.put("ns/row and reader", copy);
        costs.put("shard ns/row and reader", shard);
        return costs;
    }
}
