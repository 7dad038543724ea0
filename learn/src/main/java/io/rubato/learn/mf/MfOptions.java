package io.rubato.learn.mf;

import io.rubato.Consistency;
import io.rubato.Encoding;
import java.nio.file.Path;

/**
 * How to factorize. The same in every process of a job.
 *
 * @param data           training ratings
 * @param test           test ratings; null holds a part of {@code data} out
 * @param testFraction   part of {@code data} that is held out when there is no test file, 0 to less than 1
 * @param seed           chooses the split, the initial factors and the order of the ratings
 * @param rank           factors per user and item, 0 to {@value #MAX_RANK}; 0 learns biases only
 * @param learningRate   step of SGD for the first rating of a row, more than 0 and finite; it falls as the row's
 *                       squared errors add up (AdaGrad). A worker's step for an item is smaller by its share of the
 *                       item's ratings, so that the sum of what several workers add does not overshoot
 * @param regularization lambda of the objective {@code sum of e^2 + lambda * (sum of p^2 + q^2) + lambda/8 * (sum of
 *                       b^2)}, 0 or more and finite
 * @param workPerClock   F, the part of its own ratings that a worker processes per clock, more than 0, at most {@value
 *                       #MAX_WORK_PER_CLOCK}
 * @param clocks         of training, 1 to {@value #MAX_CLOCKS}; makes {@code F * clocks} passes over the ratings
 * @param consistency    of the reads of item rows
 * @param out            directory of the model, made if it is absent; null writes none
 * @param encoding       of item rows on their way
 * @param testEvery      clocks from one evaluation on the test ratings to the next, at most {@code clocks}; 0 evaluates
 *                       only at the end. They count as time of training
 */
public record MfOptions(Path data, Path test, double testFraction, long seed, int rank, float learningRate,
        float regularization, double workPerClock, int clocks, Consistency consistency, Path out,
        Encoding encoding, int testEvery) {
    /** Upper bound of {@link #rank}. */
    public static final int MAX_RANK = 4096;
    /** Upper bound of {@link #workPerClock}. */
    public static final double MAX_WORK_PER_CLOCK = 100;
    /** Upper bound of {@link #clocks}. */
    public static final int MAX_CLOCKS = 10_000_000;

    /** Default of {@link #testFraction}. */
    public static final double DEFAULT_TEST_FRACTION = 0.1;
    /** Default of {@link #rank}. */
    public static final int DEFAULT_RANK = 32;
    /** Default of {@link #learningRate}. */
    public static final float DEFAULT_LEARNING_RATE = 0.1f;
    /** Default of {@link #regularization}. */
    public static final float DEFAULT_REGULARIZATION = 16;
    /** Default of {@link #workPerClock}. */
    public static final double DEFAULT_WORK_PER_CLOCK = 0.25;
    /** Default of {@link #clocks}. */
    public static final int DEFAULT_CLOCKS = 120;

    /**
     * Checks every bound; files are looked at by {@link MatrixFactorization#load}.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public MfOptions {
        check(testFraction >= 0 && testFraction < 1, "test fraction must be at least 0 and less than 1, got ",
                testFraction);
        check(rank >= 0 && rank <= MAX_RANK, "rank must be 0 to " + MAX_RANK + ", got ", rank);
        check(learningRate > 0 && learningRate <= Float.MAX_VALUE, "learning rate must be more than 0, got ",
                learningRate);
        check(regularization >= 0 && regularization <= Float.MAX_VALUE, "regularization must be at least 0, got ",
                regularization);
        check(workPerClock > 0 && workPerClock <= MAX_WORK_PER_CLOCK,
                "work per clock must be more than 0 and at most " + MAX_WORK_PER_CLOCK + ", got ", workPerClock);
        check(clocks >= 1 && clocks <= MAX_CLOCKS, "clocks must be 1 to " + MAX_CLOCKS + ", got ", clocks);
        check(testEvery >= 0 && testEvery <= clocks, "test every must be 0 to the clocks, " + clocks + ", got ",
                testEvery);
    }

    /**
     * With item rows that travel exactly, evaluated at the end.
     *
     * @param data           as above
     * @param test           as above
     * @param testFraction   as above
     * @param seed           as above
     * @param rank           as above
     * @param learningRate   as above
     * @param regularization as above
     * @param workPerClock   as above
     * @param clocks         as above
     * @param consistency    as above
     * @param out            as above
     */
    public MfOptions(final Path data, final Path test, final double testFraction, final long seed, final int rank,
            final float learningRate, final float regularization, final double workPerClock, final int clocks,
            final Consistency consistency, final Path out) {
        this(data, test, testFraction, seed, rank, learningRate, regularization, workPerClock, clocks, consistency, out,
                Encoding.EXACT, 0);
    }

    private static void check(final boolean holds, final String expected, final Number value) {
        if (!holds) {
            throw new IllegalArgumentException(expected + value);
        }
    }
}
