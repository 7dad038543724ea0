package io.rubato.bench;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of {@code rubato bench consistency}. */
final class ConsistencyArguments {
    private static final int MAX_WORKERS = 1024;

    @Option(names = "--users", paramLabel = "N", defaultValue = "2000",
            description = "Users of the generated ratings (default ${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--items", paramLabel = "N", defaultValue = "1500",
            description = "Items of the generated ratings (default ${DEFAULT-VALUE}).")
    private int items;

    @Option(names = "--ratings", paramLabel = "N", defaultValue = "300000",
            description = "How many ratings are generated (default ${DEFAULT-VALUE}).")
    private int ratings;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "3",
            description = "Worker processes (default ${DEFAULT-VALUE}).")
    private int workers;

    @Option(names = "--shards", paramLabel = "N", defaultValue = "1",
            description = "Shard processes (default ${DEFAULT-VALUE}).")
    private int shards;

    @Option(names = "--rank", paramLabel = "K", defaultValue = "8",
            description = "Factors per user and item (default ${DEFAULT-VALUE}).")
    private int rank;

    @Option(names = "--learning-rate", paramLabel = "ETA", defaultValue = "0.002",
            description = "Step size (default ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(names = "--work-per-clock", paramLabel = "F", defaultValue = "0.25",
            description = "Share of its data that a worker processes in a clock (default ${DEFAULT-VALUE}).")
    private double workPerClock;

    @Option(names = "--seed", paramLabel = "K", defaultValue = "1",
            description = "Of everything random (default ${DEFAULT-VALUE}).")
    private int seed;

    @Option(names = "--slow", paramLabel = "MILLIS", defaultValue = "30",
            description = "Staleness with one worker slowed: what worker 1 sleeps in each clock "
                    + "(default ${DEFAULT-VALUE}).")
    private int slow;

    @Option(names = "--slow-clocks", paramLabel = "N", defaultValue = "120",
            description = "Clocks of each of these runs (default ${DEFAULT-VALUE}).")
    private int slowClocks;

    @Option(names = "--rotate", paramLabel = "MILLIS", defaultValue = "100",
            description = "Time to an objective with a rotating straggler: what another worker sleeps in each clock "
                    + "(default ${DEFAULT-VALUE}).")
    private int rotate;

    @Option(names = "--rotate-clocks", paramLabel = "N", defaultValue = "300",
            description = "Clocks of each of these runs; long enough that the seconds in which the JVM compiles are few "
                    + "(default ${DEFAULT-VALUE}).")
    private int rotateClocks;

    @Option(names = "--staleness", paramLabel = "S", defaultValue = "3",
            description = "Of ssp, essp, pssp and absp there; S + 1 must divide the clocks (default ${DEFAULT-VALUE}).")
    private int staleness;

    @Option(names = "--sample", paramLabel = "B", defaultValue = "1",
            description = "Of pssp there (default ${DEFAULT-VALUE}).")
    private int sample;

    /**
     * Judges the options.
     *
     * @throws IllegalArgumentException with a sentence if one is out of range
     */
    void check() {
        Bench.inRange("--users", users, 1, Integer.MAX_VALUE);
        Bench.inRange("--items", items, 1, Integer.MAX_VALUE);
        Bench.inRange("--ratings", ratings, 1, Integer.MAX_VALUE);
        Bench.inRange("--workers", workers, 2, MAX_WORKERS);
        Bench.inRange("--staleness", staleness, 0, Integer.MAX_VALUE - 1);
        if (!(workPerClock > 0)) {
            throw new IllegalArgumentException("--work-per-clock must be above 0, got " + workPerClock);
        }
        if (rotateClocks % (staleness + 1) != 0) {
            throw new IllegalArgumentException("--rotate-clocks must be a multiple of --staleness + 1 = "
                    + (staleness + 1) + ", got " + rotateClocks);
        }
    }

    int users() {
        return users;
    }

    int items() {
        return items;
    }

    int ratings() {
        return ratings;
    }

    int workers() {
        return workers;
    }

    int seed() {
        return seed;
    }

    int slow() {
        return slow;
    }

    int rotate() {
        return rotate;
    }

    int sample() {
        return sample;
    }

    int staleness() {
        return staleness;
    }

    double workPerClock() {
        return workPerClock;
    }

    /** Options of {@code train mf} for a model and a worker that is slow in each clock. */
    List<String> ofSlow(final List<String> model, final int worker) {
        return ofTrain(model, slowClocks, worker + ":" + slow);
    }

    /** Options of {@code train mf} for a model and a straggler that rotates. */
    List<String> ofRotating(final List<String> model) {
        return ofTrain(model, rotateClocks, "rotate:" + rotate);
    }

    private List<String> ofTrain(final List<String> model, final int clocks, final String slowWorker) {
        final List<String> flat = new ArrayList<>(List.of("--workers", Integer.toString(workers), "--shards",
                Integer.toString(shards), "--rank", Integer.toString(rank), "--learning-rate",
                Double.toString(learningRate), "--work-per-clock", Double.toString(workPerClock), "--seed",
                Integer.toString(seed)));
        flat.addAll(List.of("--clocks", Integer.toString(clocks), "--slow-worker", slowWorker));
        flat.addAll(model);
        return flat;
    }
}
