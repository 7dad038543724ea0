package io.rubato.bench;

import io.rubato.node.FailureException;
import io.rubato.node.Idle;
import java.util.LinkedHashMap;
import java.util.Map;

/** What it costs to wait in one way: a driver, a shard and two clients, all runnable at once. */
final class WaitingFigures {
    private static final int CLIENTS = 2;
    private static final int ROWS = 100_000;
    private static final int COLUMNS = 128;

    private WaitingFigures() {
    }

    /**
     * How much to measure.
     *
     * @param warmUp clocks before it, so that compilers have seen everything
     * @param clocks of each measurement
     * @param micros that the late worker computes in each of them
     * @param batch  rows that each worker pushes in a tenth of the clocks
     */
    record Effort(int warmUp, int clocks, int micros, int batch) {
    }

    /** One repetition in processes of its own; by name. */
    static Map<String, Double> measure(final Idle idle, final Placement placement, final Effort effort) {
        try (LocalCluster cluster = new LocalCluster(Wire.of(false, 0), 1, CLIENTS, idle, placement)) {
            cluster.askClients("table", ClientWork.ROWS, 1, ROWS, COLUMNS, 0);
            cluster.askClients("touch");
            final int pushes = Math.max(1, effort.clocks() / 10);
            wait(cluster, effort.warmUp(), effort.micros());
            cluster.askClients("gates", effort.clocks());
            cluster.askClients("push", pushes, effort.batch());
            final Map<String, Double> figures = new LinkedHashMap<>();
            final double cpu = cluster.cpuSeconds();
            final long start = System.nanoTime();
            wait(cluster, effort.clocks(), effort.micros()).toMap()
                    .forEach((name, ns) -> figures.put("wake " + name, ns / 1e3));
            figures.put("cores", (cluster.cpuSeconds() - cpu) * 1e9 / (System.nanoTime() - start));
            figures.put("gate", ScaleFigures.nanos(cluster.askClients("gates", effort.clocks())) * CLIENTS / 1e3);
            figures.put("push", 1e3 / ScaleFigures.nanos(cluster.askClients("push", pushes, effort.batch())));
            cluster.askClients("verify");
            return figures;
        }
    }

    /** From the clock of the late worker until the read is over for which the other waits. */
    private static Latencies wait(final LocalCluster cluster, final int clocks, final int micros) {
        final Child late = cluster.clients().getFirst();
        final Child early = cluster.clients().getLast();
        early.tell("early", clocks);
        late.tell("late", clocks, micros);
        final Map<String, Double> over = early.answer();
        final Map<String, Double> advanced = late.answer();
        final Latencies latencies = new Latencies();
        // The first clock tells when each of the two was asked.
        advanced.remove("0");
        advanced.forEach((clock, ns) -> {
            final long waited = (long) (over.get(clock) - ns);
            if (waited < 0) {
                throw new FailureException("a read did not wait for clock " + clock + ", but was over before");
            }
            latencies.record(waited);
        });
        return latencies;
    }
}
