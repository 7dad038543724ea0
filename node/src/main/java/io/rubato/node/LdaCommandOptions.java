package io.rubato.node;

import io.rubato.learn.lda.LdaOptions;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of latent Dirichlet allocation, as text; {@link LdaType} judges them. */
final class LdaCommandOptions {
    /** Of a job with this learner. */
    private static final Map<String, String> DEFAULTS =
            Map.of("clocks", Integer.toString(LdaOptions.DEFAULT_CLOCKS), "work-per-clock",
                    Double.toString(LdaOptions.DEFAULT_WORK_PER_CLOCK));

    @Option(names = "--vocab", paramLabel = "FILE",
            description = "The words, one a line in the order of their numbers: topics are then listed in words.")
    private Path vocabulary;

    @Option(names = "--topics", paramLabel = "K",
            description = "Topics to find (default " + LdaOptions.DEFAULT_TOPICS + ").")
    private String topics;

    @Option(names = "--alpha", paramLabel = "A",
            description = "Prior of a document's topics, per topic (default " + LdaOptions.DEFAULT_ALPHA
                    + "; above 1,000 topics " + (int) LdaOptions.DEFAULT_ALPHA_SUM + " / K).")
    private String alpha;

    @Option(names = "--beta", paramLabel = "B",
            description = "Prior of a topic's words, per word (default " + LdaOptions.DEFAULT_BETA + ").")
    private String beta;

    /** Adds those that were given to a job's keys, and the learner's own defaults. */
    void putInto(final Map<String, String> values) {
        JobOptions.put(values, JobConfig.OPTION + LdaType.VOCABULARY,
                vocabulary == null ? null : vocabulary.toAbsolutePath().toString());
        JobOptions.put(values, JobConfig.OPTION + LdaType.TOPICS, topics);
        JobOptions.put(values, JobConfig.OPTION + LdaType.ALPHA, alpha);
        JobOptions.put(values, JobConfig.OPTION + LdaType.BETA, beta);
        DEFAULTS.forEach(values::putIfAbsent);
    }
}
