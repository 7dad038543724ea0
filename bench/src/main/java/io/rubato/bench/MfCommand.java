package io.rubato.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * {@code rubato bench mf}: the whole program trains a matrix factorization on a million generated ratings, and the same
 * learner does so on as many threads of one process without a parameter server. Each run has processes of its own, and
 * they take turns, so that whatever else the machine does falls on both.
 */
@Command(name = "mf", mixinStandardHelpOptions = true, sortOptions = false,
        description = "'rubato train mf' on generated ratings, 6,040 x 3,706 and a million unless told otherwise, "
                + "beside the same learner without a parameter server, in one process.",
        footer = {"", "All other options, each with a value, go to 'rubato train mf': --clocks 300 --staleness 4 ..."})
final class MfCommand extends Bench {
    private static final int MAX_RANK = 4096;
    private static final int MAX_PROCESSES = 64;
    private static final int MAX_RUNS = 1000;

    @Option(names = "--ranks", paramLabel = "K", split = ",", defaultValue = "32",
            description = "Ranks to measure, for example 16,32,100 (default ${DEFAULT-VALUE}).")
    private List<Integer> ranks;

    @Option(names = "--workers", paramLabel = "N", split = ",", defaultValue = "2",
            description = "Numbers of worker processes to measure, for example 1,2 (default ${DEFAULT-VALUE}).")
    private List<Integer> workers;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "3",
            description = "Runs of each (default ${DEFAULT-VALUE}).")
    private int runs;

    @Option(names = "--target", paramLabel = "RMSE", defaultValue = "0",
            description = "Test RMSE, the epochs and seconds of training to which are told (default: one that all runs "
                    + "reach).")
    private double target;

    @Option(names = "--ratings", paramLabel = "N", defaultValue = "1000000",
            description = "How many are generated (default ${DEFAULT-VALUE}).")
    private int ratings;

    @Unmatched
    private List<String> others = new ArrayList<>();

    @Override
    void check() {
        ranks.forEach(rank -> inRange("--ranks", rank, 0, MAX_RANK));
        workers.forEach(count -> inRange("--workers", count, 1, MAX_PROCESSES));
        inRange("--runs", runs, 1, MAX_RUNS);
        inRange("--ratings", ratings, 100, MfRuns.USERS * MfRuns.ITEMS / 2);
        if (target < 0) {
            throw new IllegalArgumentException("--target must be above 0, got " + target);
        }
        new MfArguments(others).ofLearner(Path.of(""), null, null);
    }

    @Override
    int measure(final Report report) throws IOException, InterruptedException {
        final MfArguments arguments = new MfArguments(others);
        report.say("%,d ratings of %,d users for %,d items; planted rank %d, noise %.2f, seed %d; median of %d",
                ratings,
                MfRuns.USERS, MfRuns.ITEMS, MfRuns.PLANTED_RANK, MfRuns.NOISE, arguments.seed(), runs);
        report.say("bare: the same learner on as many threads of one process, without a parameter server");
        report.say("late: in the second half of the clocks, when the JVMs have compiled");
        final List<Map<String, Object>> figures = new ArrayList<>();
        try (MfRuns program = new MfRuns(ratings, arguments.seed())) {
            for (final int rank : ranks) {
                for (final int count : workers) {
                    final MfArguments each = arguments.with(rank, count);
                    final MfComparison comparison = program.compare(rank, each, runs);
                    final double rmse = target > 0 ? target : comparison.commonTarget();
                    print(report, comparison, rmse);
                    figures.add(comparison.json(rmse));
                }
            }
        }
        report.put("ratings", ratings);
        report.put("comparisons", figures);
        return 0;
    }

    private static void print(final Report report, final MfComparison comparison, final double rmse) {
        report.say("");
        final TextTable table = new TextTable(
                String.format(Locale.ROOT, "rank %d, %d workers", comparison.rank(), comparison.workers()),
                "M ratings/s", "late M/s", "test RMSE", "s in all", "s training", "s to 1st clock",
                String.format(Locale.ROOT, "s to test %.4f", rmse), "epochs");
        row(table, "train", comparison.trained(), rmse);
        row(table, "bare", comparison.bare(), rmse);
        report.say(table);
        report.say("overhead of the parameter server: %.0f %%, late %.0f %%; LIBMF on two cores, for reference: %s",
                100 * comparison.overhead(), 100 * comparison.lateOverhead(),
                Double.isNaN(comparison.libmf()) ? "no figure"
                        : String.format(Locale.ROOT, "%.0f M ratings/s", comparison.libmf() / 1e6));
    }

    private static void row(final TextTable table, final String name, final List<MfRun> runs, final double rmse) {
        final MfRun median = MfRun.median(runs);
        table.row(name, fixed(median.ratingsPerSecond() / 1e6),
                fixed(MfRun.median(runs, MfRun::lateRatingsPerSecond) / 1e6),
                String.format(Locale.ROOT, "%.4f", median.testRmse()), fixed(median.seconds()),
                fixed(median.trainSeconds()), fixed(median.firstClockSeconds()),
                fixed(MfRun.median(runs, run -> run.secondsTo(rmse))),
                fixed(MfRun.median(runs, run -> run.passesTo(rmse))));
    }

    private static String fixed(final double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }
}
