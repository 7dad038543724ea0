package io.rubato.bench;

import io.rubato.learn.lda.LdaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code rubato bench lda}: the whole program finds topics with several threads of one worker process, beside its other
 * processes, and MALLET does with as many threads. The same evaluator scores the counts of both on held-out documents.
 */
@Command(name = "lda", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures train lda beside MALLET's parallel topic model, on 20 Newsgroups where the folder of data "
                + "(../shared/data) has it, otherwise on generated documents.")
final class LdaCommand extends Bench {
    private static final int MAX_PASSES = 100_000;
    private static final int MAX_THREADS = 1024;

    @Option(names = "--topics", paramLabel = "K,...", split = ",", defaultValue = "100,1000,10000",
            description = "Numbers of topics (default ${DEFAULT-VALUE}).")
    private List<Integer> topics;

    @Option(names = "--passes", paramLabel = "N", defaultValue = "60",
            description = "Passes over the tokens (default ${DEFAULT-VALUE}).")
    private int passes;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "2",
            description = "Threads of the worker process, and of MALLET (default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--alpha", paramLabel = "A", description = "Prior of a document's topics (default: train lda's).")
    private Float alpha;

    @Option(names = "--beta", paramLabel = "B", description = "Prior of a topic's words (default: train lda's).")
    private Float beta;

    @Option(names = "--data", paramLabel = "FILE", description = "Other documents to train on; with --test.")
    private Path data;

    @Option(names = "--test", paramLabel = "FILE", description = "Other held-out documents; with --data.")
    private Path test;

    @Override
    void check() {
        topics.forEach(each -> inRange("--topics", each, 1, LdaOptions.MAX_TOPICS));
        inRange("--passes", passes, 1, MAX_PASSES);
        inRange("--threads", threads, 1, MAX_THREADS);
        if ((data == null) != (test == null)) {
            throw new IllegalArgumentException("--data and --test belong together");
        }
        for (final Path file : data == null ? new Path[0] : new Path[] {data, test}) {
            if (!Files.exists(file)) {
                throw new IllegalArgumentException(file + " does not exist");
            }
        }
    }

    @Override
    int measure(final Report report) throws IOException, InterruptedException {
        final List<Map<String, Object>> figures = new ArrayList<>();
        try (LdaRuns runs = new LdaRuns(
                data == null ? null : new LdaCorpus(data.toString(), data.toAbsolutePath(), test.toAbsolutePath()))) {
            report.say("%s: %,d tokens, %d passes, %d threads each", runs.corpus().name(), runs.tokens(), passes,
                    threads);
            report.say("equal M/s: tokens that MALLET visits on the way to the likelihood that both reach, per second");
            for (final int count : topics) {
                final LdaSettings usual = LdaSettings.of(count, passes, threads);
                final LdaComparison comparison = runs.compare(new LdaSettings(count,
                        alpha == null ? usual.alpha() : alpha, beta == null ? usual.beta() : beta, passes, threads));
                print(report, comparison);
                figures.add(comparison.json());
            }
            report.put("corpus", runs.corpus().name());
            report.put("comparisons", figures);
        }
        return 0;
    }

    private static void print(final Report report, final LdaComparison comparison) {
        report.say("");
        final TextTable table = new TextTable(String.format(Locale.ROOT, "%d topics, alpha %.4f, beta %.4f",
                comparison.settings().topics(), comparison.settings().alpha(), comparison.settings().beta()),
                "M tokens/s", "held-out",
                String.format(Locale.ROOT, "s to %.4f", comparison.commonLikelihood()), "equal M/s");
        row(table, "train", comparison, comparison.trained());
        row(table, "MALLET", comparison, comparison.mallet());
        report.say(table);
        report.say("ratio at equal likelihood: %.2f", comparison.ratio());
    }

    private static void row(final TextTable table, final String name, final LdaComparison comparison,
            final LdaRun run) {
        table.row(name, String.format(Locale.ROOT, "%.2f", run.tokensPerSecond() / 1e6),
                String.format(Locale.ROOT, "%.4f", run.heldOut()),
                String.format(Locale.ROOT, "%.2f", comparison.secondsToCommon(run)),
                String.format(Locale.ROOT, "%.2f", comparison.equalRate(run) / 1e6));
    }
}
