package io.rubato.node;

import io.rubato.learn.mf.MfOptions;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options that every learner has, as text; {@link JobConfig} judges them. */
final class JobOptions {
    @Option(names = "--workers", paramLabel = "N", description = "Worker processes (default 2).")
    private String workers;

    @Option(names = "--threads", paramLabel = "T",
            description = "Workers, each of them a thread, in every worker process (default 1).")
    private String threads;

    @Option(names = "--shards", paramLabel = "M", description = "Shard processes (default 1).")
    private String shards;

    @Option(names = "--consistency", paramLabel = "MODEL", description = "bsp, ssp or asp (default ssp).")
    private String consistency;

    @Option(names = "--staleness", paramLabel = "S",
            description = "Clocks that a worker may run ahead of the slowest, under ssp (default 3).")
    private String staleness;

    @Option(names = "--clocks", paramLabel = "N",
            description = "Clocks of each worker (default " + MfOptions.DEFAULT_CLOCKS + ").")
    private String clocks;

    @Option(names = "--work-per-clock", paramLabel = "F",
            description = "Share of its data that a worker processes in a clock (default "
                    + MfOptions.DEFAULT_WORK_PER_CLOCK + ").")
    private String workPerClock;

    @Option(names = "--seed", paramLabel = "K", description = "Seed of everything random (default 1).")
    private String seed;

    @Option(names = "--transport", paramLabel = "MEDIA",
            description = "What carries messages: ipc (shared memory) or udp (default ipc).")
    private String transport;

    @Option(names = "--slow-worker", paramLabel = "INDEX:MILLIS",
            description = "Experiment: this worker sleeps that long in every clock.")
    private String slowWorker;

    @Option(names = "--one-sided", paramLabel = "off",
            description = "Reads of a shard's memory by other processes; only off is available yet.")
    private String oneSided;

    @Option(names = "--sample", hidden = true)
    private String sample;

    @Option(names = "--value-bound", hidden = true)
    private String valueBound;

    /**
     * The job's keys as given.
     *
     * @throws UsageException about an option that is not available yet
     */
    Map<String, String> values() {
        if (oneSided != null && !oneSided.equals("off")) {
            throw new UsageException(oneSided.equals("on")
                    ? "--one-sided on is not available yet; leave it off"
                    : "--one-sided must be off, got '" + oneSided + "'");
        }
        if (sample != null) {
            throw new UsageException(
                    "--sample belongs to pbsp and pssp, which are not available yet; use bsp, ssp or asp");
        }
        if (valueBound != null) {
            throw new UsageException("--value-bound belongs to vap, which is not available yet; use bsp, ssp or asp");
        }
        final Map<String, String> values = new TreeMap<>();
        put(values, "workers", workers);
        put(values, "threads", threads);
        put(values, "shards", shards);
        put(values, "consistency", consistency);
        put(values, "staleness", staleness);
        put(values, "clocks", clocks);
        put(values, "work-per-clock", workPerClock);
        put(values, "seed", seed);
        put(values, "transport", transport);
        put(values, "slow-worker", slowWorker);
        return values;
    }

    static void put(final Map<String, String> values, final String key, final String value) {
        if (value != null) {
            values.put(key, value);
        }
    }
}
