package io.rubato.node;

import io.rubato.Learner;
import io.rubato.learn.mf.MatrixFactorization;
import io.rubato.learn.mf.MfOptions;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** Matrix factorization, {@code mf}. */
final class MfType extends DataLearnerType {
    static final String RANK = "rank";
    static final String LEARNING_RATE = "learning-rate";
    static final String REGULARIZATION = "regularization";
    static final String TEST_EVERY = "test-every";

    /**
     * Looks at the options alone, for input that need not be read to be known as good.
     *
     * @throws UsageException if they cannot be used
     */
    static void checkOptions(final JobConfig config) {
        options(config, null);
    }

    @Override
    Learner load(final JobConfig config, final Path out) {
        return MatrixFactorization.load(options(config, out));
    }

    private static MfOptions options(final JobConfig config, final Path out) {
        final SortedMap<String, String> left = new TreeMap<>(config.options());
        final int rank = whole(left, RANK, MfOptions.DEFAULT_RANK);
        final int testEvery = whole(left, TEST_EVERY, 0);
        final float learningRate = number(left, LEARNING_RATE, MfOptions.DEFAULT_LEARNING_RATE);
        final float regularization = number(left, REGULARIZATION, MfOptions.DEFAULT_REGULARIZATION);
        if (!left.isEmpty()) {
            throw new UsageException("mf has no option '" + left.firstKey() + "'");
        }
        try {
            return new MfOptions(Path.of(config.data()), config.test().isEmpty() ? null : Path.of(config.test()),
                    MfOptions.DEFAULT_TEST_FRACTION, config.seed(), rank, learningRate, regularization,
                    config.workPerClockToRun(),
                    config.clocksToRun(), config.model().consistency(), out, config.wire(), testEvery);
        } catch (final IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static int whole(final SortedMap<String, String> options, final String name, final int fallback) {
        final float value = number(options, name, fallback);
        if (value != (int) value) {
            throw new UsageException(name + " must be a whole number, got " + value);
        }
        return (int) value;
    }

    private static float number(final SortedMap<String, String> options, final String name, final float fallback) {
        final String value = options.remove(name);
        try {
            return value == null ? fallback : Float.parseFloat(value);
        } catch (final NumberFormatException e) {
            throw new UsageException(name + " must be a number, got '" + value + "'");
        }
    }
}
