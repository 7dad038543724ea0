package io.rubato.node;

import io.rubato.Encoding;
import io.rubato.Learner;
import io.rubato.learn.lda.LatentDirichletAllocation;
import io.rubato.learn.lda.LdaOptions;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** Latent Dirichlet allocation, {@code lda}. */
final class LdaType extends DataLearnerType {
    static final String TOPICS = "topics";
    static final String ALPHA = "alpha";
    static final String BETA = "beta";
    static final String VOCABULARY = "vocab";

    @Override
    Learner load(final JobConfig config, final Path out) {
        return LatentDirichletAllocation.load(options(config, out));
    }

    private static LdaOptions options(final JobConfig config, final Path out) {
        if (config.wire() != Encoding.EXACT) {
            throw new UsageException("lda's rows hold whole numbers: " + JobConfig.WIRE + " must be exact, got "
                    + config.wireName());
        }
        final SortedMap<String, String> left = new TreeMap<>(config.options());
        final String topics = left.remove(TOPICS);
        final String alpha = left.remove(ALPHA);
        final String beta = left.remove(BETA);
        final String vocabulary = left.remove(VOCABULARY);
        if (!left.isEmpty()) {
            throw new UsageException("lda has no option '" + left.firstKey() + "'");
        }
        final int ofTopics = topics == null ? LdaOptions.DEFAULT_TOPICS : JobKeys.integer(TOPICS, topics);
        try {
            return new LdaOptions(Path.of(config.data()), config.test().isEmpty() ? null : Path.of(config.test()),
                    vocabulary == null ? null : Path.of(vocabulary), config.seed(), ofTopics,
                    alpha == null ? LdaOptions.defaultAlpha(Math.max(1, ofTopics)) : number(ALPHA, alpha),
                    beta == null ? LdaOptions.DEFAULT_BETA : number(BETA, beta), config.workPerClockToRun(),
                    config.clocksToRun(), config.model().consistency(), out);
        } catch (final IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static float number(final String key, final String value) {
        return (float) JobKeys.number(key, value);
    }
}
