package io.rubato.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How each budget is measured. What one measurement tells about several budgets is measured once. */
final class Budgets {
    private static final int ROWS = 100_000;
    private static final int COLUMNS = 128;
    private static final int MF_RANK = 32;
    private static final List<Integer> LDA_TOPICS = List.of(100, 1_000, 10_000);
    private static final List<Double> LDA_BOUNDS = List.of(1.0, 1.5, 4.0);
    private static final int LDA_THREADS = 2;
    private static final double NANOS = 1e-9;
    /** Bytes per row that print as 0.00: less than one object in a thousand rows. */
    private static final double NO_BYTES = 0.005;

    private final Effort effort;
    private final Path libmf;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private RowsFigures overIpc;
    private RowsFigures overUdp;

    /**
     * How much to measure.
     *
     * @param repeats  of micro-benchmarks, each in a JVM of its own
     * @param turnsMs  of each micro-benchmark and its baseline, milliseconds
     * @param ipc      rows over IPC
     * @param udp      rows over UDP
     * @param ratings  for matrix factorization
     * @param mfRuns   trainings
     * @param mfClocks passes over them
     * @param ldaPasses over the tokens, for each of {@link #LDA_TOPICS}
     */
    record Effort(int repeats, long turnsMs, RowsFigures.Effort ipc, RowsFigures.Effort udp, int ratings,
            int mfRuns, int mfClocks, List<Integer> ldaPasses) {
        static Effort full() {
            return new Effort(3, 6_000, new RowsFigures.Effort(5, 20, 50_000, 20_000),
                    new RowsFigures.Effort(5, 5, 50_000, 5_000), 1_000_000, 3, 300, List.of(100, 60, 30));
        }

        /** About a minute. */
        static Effort quick() {
            return new Effort(2, 4_000, new RowsFigures.Effort(3, 10, 50_000, 10_000),
                    new RowsFigures.Effort(3, 2, 50_000, 2_000), 1_000_000, 1, 200, List.of(40, 20, 10));
        }
    }

    /** Budgets that are measured together. */
    @FunctionalInterface
    private interface Group {
        List<Budget> measure(String name) throws IOException, InterruptedException;
    }

    /** The program of LIBMF may be null: then its reference figure serves. */
    Budgets(final Effort effort, final Path libmf) {
        this.effort = effort;
        this.libmf = libmf;
        groups.put("cached-read", this::cachedRead);
        groups.put("allocation", this::allocation);
        groups.put("one-sided", this::oneSided);
        groups.put("apply", this::apply);
        groups.put("push", this::push);
        groups.put("read-ipc", this::readOverIpc);
        groups.put("read-udp", name -> read(name, udp(), "read", "blocking read over UDP"));
        groups.put("mf", this::matrixFactorization);
        groups.put("lda", this::topics);
    }

    List<String> names() {
        return List.copyOf(groups.keySet());
    }

    List<Budget> measure(final String name) throws IOException, InterruptedException {
        return groups.get(name).measure(name);
    }

    private List<Budget> cachedRead(final String name) {
        return List.of(cachedRead(name, "cached-read", 1_000, ""), cachedRead(name, "cached-read", 100_000, ""),
                cachedRead(name, "cached-runs", 100_000, ", in runs of 32"));
    }

    private Budget cachedRead(final String name, final String benchmark, final int rows, final String how) {
        final List<Samples> nanos = turns(Child.workerFlags(), benchmark, effort.turnsMs(), rows);
        return Budget.atMost(name,
                String.format(Locale.ROOT, "cached read of 32 floats, %,d rows%s, beside a plain array", rows, how),
                "ns", nanos.getFirst(), nanos.getLast(), 1.3);
    }

    private List<Budget> apply(final String name) {
        final List<Samples> nanos = turns(List.of(), "apply", effort.turnsMs());
        return List.of(Budget.atLeast(name, "shard applies batches, beside the bare add kernel", "M rows/s",
                perSecond(nanos.getFirst()), perSecond(nanos.getLast()), 0.7));
    }

    /** Of a {@link TurnsRole}, both sides, each repetition in a JVM of its own. */
    private List<Samples> turns(final List<String> flags, final Object... words) {
        final List<Double> first = new ArrayList<>();
        final List<Double> second = new ArrayList<>();
        for (int i = 0; i < effort.repeats(); i++) {
            try (Child child = Child.start(words[0].toString(), flags, List.of("turns"))) {
                final Map<String, Double> nanos = child.ask(words);
                first.add(nanos.get("first"));
                second.add(nanos.get("second"));
            }
        }
        return List.of(new Samples(first), new Samples(second));
    }

    private static Samples perSecond(final Samples nanos) {
        return new Samples(nanos.values().stream().map(each -> 1e-6 / (each * NANOS)).toList());
    }

    private List<Budget> allocation(final String name) {
        final List<Budget> budgets = new ArrayList<>();
        for (final String flow : List.of("push", "pull", "oneSidedPush", "oneSidedPull")) {
            for (final String role : List.of("client", "shard")) {
                budgets.add(Budget.atMost(name,
                        "allocation, " + flow.replace("oneSided", "one-sided ").toLowerCase(Locale.ROOT) + ", " + role,
                        "B/row", ipc().of(flow + "." + role + "Allocated"), null, NO_BYTES));
            }
        }
        return budgets;
    }

    private List<Budget> oneSided(final String name) {
        return List.of(Budget.atMost(name, "one-sided read, beside a copy from a private slab", "ns",
                ipc().of("slabRead.oneSided"), ipc().of("slabRead.copy"), 1.5));
    }

    private List<Budget> push(final String name) {
        return List.of(
                Budget.atLeast(name,
                        "delta batches, applied where they were written, beside bare Aeron, add or pipeline",
                        "M rows/s", ipc().of("oneSidedPush").times(1e-6), ipc().bare().times(1e-6), 0.7),
                Budget.atLeast(name, "delta batches in messages over IPC, applied, beside the same", "M rows/s",
                        ipc().of("push").times(1e-6), ipc().bare().times(1e-6), 0.7));
    }

    /** One-sided, as on one machine by default, and by message. */
    private List<Budget> readOverIpc(final String name) {
        final List<Budget> budgets = new ArrayList<>(read(name, ipc(), "oneSidedRead", "blocking read, one-sided"));
        budgets.addAll(read(name, ipc(), "read", "blocking read by message over IPC"));
        return budgets;
    }

    private static List<Budget> read(final String name, final RowsFigures figures, final String read,
            final String what) {
        final List<Budget> budgets = new ArrayList<>();
        for (final String percentile : new String[] {"p50", "p99"}) {
            budgets.add(Budget.atMost(name, what + ", " + percentile + ", beside a ping-pong", "us",
                    figures.of(read + "." + percentile).times(1e-3), figures.of("ping." + percentile).times(1e-3),
                    1.5));
        }
        return budgets;
    }

    private RowsFigures ipc() {
        if (overIpc == null) {
            overIpc = rows(false, effort.ipc());
        }
        return overIpc;
    }

    private RowsFigures udp() {
        if (overUdp == null) {
            overUdp = rows(true, effort.udp());
        }
        return overUdp;
    }

    private static RowsFigures rows(final boolean udp, final RowsFigures.Effort effort) {
        try (WireBench bench = new WireBench(Wire.of(udp, 0), ROWS, COLUMNS)) {
            return RowsFigures.measure(bench, effort, !udp);
        }
    }

    /**
     * Ratings per second of the second half of a long training beside those of LIBMF's iterations: neither counts how
     * it starts. Then the same at equal test RMSE: whoever needs more passes to it counts so many ratings less.
     */
    private List<Budget> matrixFactorization(final String name) throws IOException, InterruptedException {
        final MfArguments arguments = new MfArguments(List.of("--rank", Integer.toString(MF_RANK), "--clocks",
                Integer.toString(effort.mfClocks()), "--work-per-clock", "1"));
        final String row = "matrix factorization, rank 32, 2 workers, once compiled, beside LIBMF";
        final List<Double> trained = new ArrayList<>();
        final List<Double> reference = new ArrayList<>();
        final List<Double> targets = new ArrayList<>();
        final List<Double> passes = new ArrayList<>();
        final List<Double> itsPasses = new ArrayList<>();
        try (MfRuns runs = new MfRuns(effort.ratings(), arguments.seed())) {
            for (int i = 0; i < effort.mfRuns(); i++) {
                final MfRun run = runs.train(arguments);
                trained.add(run.lateRatingsPerSecond() / 1e6);
                if (libmf == null) {
                    reference.add(MfComparison.libmf(MF_RANK) / 1e6);
                    continue;
                }
                final LibmfProgram program =
                        new LibmfProgram(libmf, runs.data(), runs.test(), MF_RANK, arguments.workers());
                reference.add(program.ratingsPerSecond(runs.trainRatings()) / 1e6);
                final ObjectiveCurve tests = program.tests(effort.mfClocks());
                targets.add(MfComparison.ABOVE_THE_BEST * Math.max(run.tests().least(), tests.least()));
                passes.add(run.passesTo(targets.getLast()));
                itsPasses.add(tests.reaches(targets.getLast()));
            }
        }
        final Samples rates = new Samples(trained);
        if (libmf == null) {
            return List.of(Budget.atLeast(name, row + "'s reference figure", "M ratings/s", rates,
                    new Samples(reference), 1));
        }
        final Samples itsRates = new Samples(reference);
        final Samples our = new Samples(passes);
        final Samples its = new Samples(itsPasses);
        // A rate over the passes that are needed: trainings to the RMSE in a second, times the ratings.
        return List.of(Budget.atLeast(name, row, "M ratings/s", rates, itsRates, 1),
                Budget.atLeast(name,
                        String.format(Locale.ROOT, "the same per pass to test RMSE %.4f, %.1f and %.1f passes",
                                new Samples(targets).median(), our.median(), its.median()),
                        "M ratings/s/pass", rates.over(our), itsRates.over(its), 1));
    }

    private List<Budget> topics(final String name) throws IOException, InterruptedException {
        final List<Budget> budgets = new ArrayList<>();
        try (LdaRuns runs = new LdaRuns(null)) {
            for (int i = 0; i < LDA_TOPICS.size(); i++) {
                final LdaComparison comparison =
                        runs.compare(LdaSettings.of(LDA_TOPICS.get(i), effort.ldaPasses().get(i), LDA_THREADS));
                budgets.add(Budget.atLeast(name, String.format(Locale.ROOT,
                        "LDA, %,d topics, %s, 2 threads, beside MALLET at likelihood %.3f", LDA_TOPICS.get(i),
                        runs.corpus().name(), comparison.commonLikelihood()), "M tokens/s",
                        Samples.of(comparison.equalRate(comparison.trained()) / 1e6),
                        Samples.of(comparison.equalRate(comparison.mallet()) / 1e6), LDA_BOUNDS.get(i)));
            }
        }
        return budgets;
    }
}
