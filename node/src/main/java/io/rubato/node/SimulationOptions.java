package io.rubato.node;

import io.rubato.Consistency;
import io.rubato.simulator.Distribution;
import io.rubato.simulator.Fault;
import io.rubato.simulator.NetworkModel;
import io.rubato.simulator.NodeId;
import io.rubato.simulator.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options that make a scenario. */
final class SimulationOptions {
    /** Clients that a simulation has at about the most, unless told otherwise: each has buffers of its own. */
    private static final int CLIENTS = 1_000;
    private static final int MAX_WORKERS = 1_000_000;
    private static final double DEFAULT_FACTOR = 4;
    private static final String FACTOR = ":";

    @Option(names = "--workers", paramLabel = "N",
            description = "Workers in all (default 100; 200 in the experiment).")
    private Integer workers;

    @Option(names = "--per-client", paramLabel = "T",
            description = "Workers in each client, a divisor of N (default 1 up to 1,000 workers, otherwise so that "
                    + "there are about 1,000 clients).")
    private Integer perClient;

    @Option(names = "--shards", paramLabel = "M", defaultValue = "1",
            description = "Shards (default ${DEFAULT-VALUE}).")
    private int shards;

    @Option(names = "--consistency", paramLabel = "MODEL",
            description = "bsp, ssp, essp, asp, vap, pbsp, pssp or dssp (default " + JobModel.DEFAULT_MODEL + ").")
    private String consistency;

    @Option(names = "--staleness", paramLabel = "S",
            description = "Clocks that a worker may run ahead; as for train (default " + JobModel.DEFAULT_STALENESS
                    + "; LO..HI under dssp, default " + JobModel.DEFAULT_RANGE + "; 1 in the experiment).")
    private String staleness;

    @Option(names = "--sample", paramLabel = "B",
            description = "Other workers that a read waits for, under pbsp and pssp (default "
                    + JobModel.DEFAULT_SAMPLE + "; 1 %% of the workers in the experiment).")
    private String sample;

    @Option(names = "--sampling", paramLabel = "central|peers",
            description = "Who looks at the clocks of a sample (default " + JobModel.DEFAULT_SAMPLING + ").")
    private String sampling;

    @Option(names = "--value-bound", paramLabel = "V",
            description = "Under vap, as for train; deltas are up to 2^20 (default " + JobModel.DEFAULT_VALUE_BOUND
                    + ").")
    private String valueBound;

    @Option(names = "--propagation", paramLabel = "pull|push",
            description = "Whether workers ask for changed rows or shards send them, under asp, pbsp, pssp and dssp "
                    + "(default " + JobModel.DEFAULT_PROPAGATION + ").")
    private String propagation;

    @Option(names = "--seed", paramLabel = "K", defaultValue = "1",
            description = "Seed of everything random (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--seconds", paramLabel = "X", defaultValue = "40",
            description = "Virtual time after which workers end (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--compute", paramLabel = "DIST",
            description = "Computing of a worker in one clock: constant:1s, uniform:0.5s..1.5s, exponential:1s, "
                    + "pareto:0.5s,1.5 or lognormal:1s,0.5, perhaps with <=10s behind it (default uniform:0.5s..1.5s).")
    private String compute;

    @Option(names = "--delay", paramLabel = "DIST", defaultValue = "constant:0.5ms",
            description = "Of a message (default ${DEFAULT-VALUE}).")
    private String delay;

    @Option(names = "--loss", paramLabel = "P", defaultValue = "0",
            description = "Probability that a message is lost (default ${DEFAULT-VALUE}).")
    private double loss;

    @Option(names = "--duplicate", paramLabel = "P", defaultValue = "0",
            description = "Probability that a message arrives twice (default ${DEFAULT-VALUE}).")
    private double duplicate;

    @Option(names = "--stragglers", paramLabel = "K[:FACTOR]",
            description = "Workers that always compute FACTOR (default 4) times as long (default 0; 2:4 in the "
                    + "experiment).")
    private String stragglers;

    @Option(names = "--rotating-straggler", paramLabel = "DURATION",
            description = "In clock c worker c mod N sleeps that long, for example 2s.")
    private String rotating;

    @Option(names = "--sleeps", paramLabel = "P:DIST",
            description = "In each clock a worker sleeps with that probability, for example 0.05:exponential:3s.")
    private String sleeps;

    @Option(names = "--pause", paramLabel = "ROLE:INDEX:FROM:LENGTH",
            description = "A coordinator, shard or client stands still for a while, for example client:3:2s:500ms; may "
                    + "be given several times. Longer than 10 s is death.")
    private List<String> pauses = new ArrayList<>();

    /** The consistency model of the options, which are judged as those of {@code train}. */
    JobModel model() {
        final Map<String, String> given = new TreeMap<>();
        JobOptions.put(given, JobModel.CONSISTENCY, consistency);
        JobOptions.put(given, JobModel.STALENESS, staleness);
        JobOptions.put(given, JobModel.SAMPLE, sample);
        JobOptions.put(given, JobModel.SAMPLING, sampling);
        JobOptions.put(given, JobModel.VALUE_BOUND, valueBound);
        JobOptions.put(given, JobModel.PROPAGATION, propagation);
        if ("absp".equals(consistency)) {
            throw new UsageException("absp is not simulated: take bsp and a longer --compute");
        }
        return JobModel.take(new JobKeys(given, Map.of()));
    }

    /** Fills in what the experiment has for defaults. */
    void experimental() {
        workers = workers == null ? Integer.valueOf(200) : workers;
        staleness = staleness == null ? "1" : staleness;
        sample = sample == null ? Integer.toString(Math.max(1, workers / 100)) : sample;
        stragglers = stragglers == null ? "2:4" : stragglers;
    }

    /** One of the experiment's models, with its staleness, sample, sampling and propagation where it has them. */
    JobModel experimentModel(final String name, final String ownSample) {
        final boolean samples = name.startsWith("p");
        final Map<String, String> keys = new TreeMap<>();
        keys.put(JobModel.CONSISTENCY, name);
        if (name.endsWith("ssp")) {
            keys.put(JobModel.STALENESS, staleness);
        }
        if (samples) {
            keys.put(JobModel.SAMPLE, ownSample == null ? sample : ownSample);
            JobOptions.put(keys, JobModel.SAMPLING, sampling);
        }
        return JobModel.take(new JobKeys(keys, Map.of()));
    }

    int workers() {
        return workers == null ? 100 : workers;
    }

    long seed() {
        return seed;
    }

    String stragglers() {
        return stragglers;
    }

    /**
     * The scenario under a model.
     *
     * @throws UsageException naming what is out of range
     */
    Scenario scenario(final Consistency model) {
        final int count = workers();
        if (count < 1 || count > MAX_WORKERS) {
            throw new UsageException("--workers must be 1 to " + MAX_WORKERS + ", got " + count);
        }
        if (!(seconds > 0 && seconds <= 1e6)) {
            throw new UsageException("--seconds must be above 0 and at most 1000000, got " + seconds);
        }
        final int each = perClient == null ? perClient(count) : perClient;
        if (each < 1 || count % each != 0) {
            throw new UsageException("--per-client must divide the " + count + " workers, got " + each);
        }
        try {
            final Scenario plain = Scenario.plain(seed, count / each, each, model, seconds);
            final Scenario.Timing timing = plain.timing();
            final Distribution computing =
                    compute == null ? timing.computing() : distribution("--compute", compute);
            return new Scenario(seed, shards, plain.clients(), each, plain.workload(), plain.memory(), network(),
                    new Scenario.Timing(computing, timing.durationNs(), timing.livenessTimeoutNs(), timing.tickNs(),
                            timing.cycleNs()),
                    plain.schedule(), faults(count));
        } catch (final IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** The divisor that makes the number of clients the nearest to the usual one, as a ratio. */
    private static int perClient(final int workers) {
        if (workers <= CLIENTS) {
            return 1;
        }
        int best = 1;
        for (int each = 1; each <= workers; each++) {
            if (workers % each == 0 && ratio(workers / each) < ratio(workers / best)) {
                best = each;
            }
        }
        return best;
    }

    private static double ratio(final int clients) {
        return Math.max((double) clients / CLIENTS, (double) CLIENTS / clients);
    }

    private NetworkModel network() {
        final NetworkModel reliable = NetworkModel.reliable(distribution("--delay", delay));
        return loss == 0 && duplicate == 0 ? reliable : reliable.with(loss, duplicate);
    }

    private List<Fault> faults(final int count) {
        final List<Fault> faults = new ArrayList<>();
        if (stragglers != null) {
            slow(count, faults);
        }
        if (rotating != null) {
            faults.add(new Fault.RotatingStraggler(duration("--rotating-straggler", rotating)));
        }
        if (sleeps != null) {
            final String[] parts = sleeps.split(FACTOR, 2);
            final double probability = JobKeys.number("--sleeps", parts[0]);
            if (parts.length < 2 || !(probability >= 0 && probability <= 1)) {
                throw new UsageException("--sleeps must be P:DIST with P of 0 to 1, for example 0.05:exponential:3s, "
                        + "got '" + sleeps + "'");
            }
            faults.add(new Fault.RandomSleeps(probability, distribution("--sleeps", parts[1])));
        }
        pauses.forEach(pause -> faults.add(pause(pause)));
        return faults;
    }

    /** Spread evenly over the clients. */
    private void slow(final int count, final List<Fault> faults) {
        final String[] parts = stragglers.split(FACTOR, 2);
        final int slow = JobKeys.integer("--stragglers", parts[0]);
        final double factor = parts.length < 2 ? DEFAULT_FACTOR : JobKeys.number("--stragglers", parts[1]);
        if (slow < 0 || slow > count || !(factor > 0 && factor <= 1e6)) {
            throw new UsageException("--stragglers must be K[:FACTOR] with K of 0 to " + count
                    + " and FACTOR above 0, got '" + stragglers + "'");
        }
        for (int i = 0; i < slow; i++) {
            faults.add(new Fault.SlowWorker((int) ((long) i * count / slow), factor));
        }
    }

    private static Fault.Pause pause(final String text) {
        final String[] parts = text.split(FACTOR);
        if (parts.length != 4) {
            throw new UsageException("--pause must be ROLE:INDEX:FROM:LENGTH, for example client:3:2s:500ms, got '"
                    + text + "'");
        }
        final NodeId.Role role = switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "coordinator" -> NodeId.Role.COORDINATOR;
            case "shard" -> NodeId.Role.SHARD;
            case "client" -> NodeId.Role.CLIENT;
            default -> throw new UsageException("--pause is of a coordinator, shard or client, got '" + text + "'");
        };
        return new Fault.Pause(new NodeId(role, JobKeys.integer("--pause", parts[1])),
                duration("--pause", parts[2]), duration("--pause", parts[3]));
    }

    private static Distribution distribution(final String option, final String text) {
        try {
            return Distribution.parse(text);
        } catch (final IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
    }

    private static long duration(final String option, final String text) {
        final Distribution constant = distribution(option, text);
        if (constant.shape() != Distribution.Shape.CONSTANT) {
            throw new UsageException(option + ": expected a duration such as 500ms, got '" + text + "'");
        }
        return (long) constant.first();
    }
}
