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

    @Option(names = "--shards", paramLabel = "M", description = "Shards, each with a thread of its own (default 1).")
    private String shards;

    @Option(names = "--consistency", paramLabel = "MODEL",
            description = "bsp, ssp, essp, asp, vap, pbsp, pssp or dssp; or absp: bsp with the work of S+1 clocks in "
                    + "one, the equal-bound point of ssp (default " + JobModel.DEFAULT_MODEL + ").")
    private String consistency;

    @Option(names = "--staleness", paramLabel = "S",
            description = "Clocks that a worker may run ahead of the slowest, under ssp and essp, or of the sampled, "
                    + "under pssp (default " + JobModel.DEFAULT_STALENESS + "); under dssp the range LO..HI (default "
                    + JobModel.DEFAULT_RANGE + ").")
    private String staleness;

    @Option(names = "--sample", paramLabel = "B",
            description = "Other workers that a read waits for, drawn at random, under pbsp and pssp; 0 waits for "
                    + "nobody (default " + JobModel.DEFAULT_SAMPLE + ").")
    private String sample;

    @Option(names = "--sampling", paramLabel = "central|peers",
            description = "Who looks at the clocks of a sample, under pbsp and pssp: the shards, or the worker "
                    + "processes among themselves (default " + JobModel.DEFAULT_SAMPLING + ").")
    private String sampling;

    @Option(names = "--value-bound", paramLabel = "V",
            description = "What a worker's deltas to an element may add up to while some reader cannot see them, under "
                    + "vap; 'V/sqrt(t)' for a bound that falls with the clock (default "
                    + JobModel.DEFAULT_VALUE_BOUND + ").")
    private String valueBound;

    @Option(names = "--propagation", paramLabel = "pull|push",
            description = "Whether workers ask for changed rows or shards send them, under asp, pbsp, pssp and dssp "
                    + "(default " + JobModel.DEFAULT_PROPAGATION + ").")
    private String propagation;

    @Option(names = "--clocks", paramLabel = "N",
            description = "Clocks of each worker (default " + MfOptions.DEFAULT_CLOCKS
                    + ", or what is said above).")
    private String clocks;

    @Option(names = "--work-per-clock", paramLabel = "F",
            description = "Share of its data that a worker processes in a clock (default "
                    + MfOptions.DEFAULT_WORK_PER_CLOCK + ", or what is said above).")
    private String workPerClock;

    @Option(names = "--seed", paramLabel = "K", description = "Seed of everything random (default 1).")
    private String seed;

    @Option(names = "--transport", paramLabel = "MEDIA",
            description = "What carries messages: ipc (shared memory) or udp (default ipc).")
    private String transport;

    @Option(names = "--wire", paramLabel = "exact|bf16",
            description = "mf: how rows of items travel: as they are, or rounded to half the bytes, with what rounding "
                    + "leaves out added to the next delta (default exact).")
    private String wire;

    @Option(names = "--slow-worker", paramLabel = "INDEX:MILLIS",
            description = "Experiment: this worker sleeps that long in every clock; rotate:MILLIS for another worker "
                    + "in each clock, in turn.")
    private String slowWorker;

    @Option(names = "--one-sided", paramLabel = "on|off",
            description = "Whether workers read rows from the memory of shards on their machine instead of asking for "
                    + "them, and shards apply deltas from theirs, where shards send no rows unasked and gates look at "
                    + "all workers; on fails where it cannot be done (default: where possible).")
    private String oneSided;

    /** The job's keys as given. */
    Map<String, String> values() {
        final Map<String, String> values = new TreeMap<>();
        put(values, "workers", workers);
        put(values, "threads", threads);
        put(values, "shards", shards);
        put(values, JobModel.CONSISTENCY, consistency);
        put(values, JobModel.STALENESS, staleness);
        put(values, JobModel.SAMPLE, sample);
        put(values, JobModel.SAMPLING, sampling);
        put(values, JobModel.VALUE_BOUND, valueBound);
        put(values, JobModel.PROPAGATION, propagation);
        put(values, "clocks", clocks);
        put(values, "work-per-clock", workPerClock);
        put(values, "seed", seed);
        put(values, "transport", transport);
        put(values, JobConfig.WIRE, wire);
        put(values, "slow-worker", slowWorker);
        put(values, "one-sided", oneSided);
        return values;
    }

    static void put(final Map<String, String> values, final String key, final String value) {
        if (value != null) {
            values.put(key, value);
        }
    }
}
