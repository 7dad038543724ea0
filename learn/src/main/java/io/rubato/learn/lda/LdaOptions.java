package io.rubato.learn.lda;

import io.rubato.Consistency;
import java.nio.file.Path;

/**
 * How to find topics. The same in every process of a job.
 *
 * @param data         documents to train on
 * @param test         documents to test on; null tests on none
 * @param vocabulary   the words by number; null if they have no names
 * @param seed         chooses the first topics and all that is drawn
 * @param topics       K, 1 to {@value #MAX_TOPICS}
 * @param alpha        of the symmetric Dirichlet prior of a document's topics, per topic, more than 0 and finite
 * @param beta         of the symmetric Dirichlet prior of a topic's words, per word, more than 0 and finite
 * @param workPerClock F, the part of its own tokens that a worker visits per clock, more than 0, at most {@value
 *                     #MAX_WORK_PER_CLOCK}
 * @param clocks       of training, 1 to {@value #MAX_CLOCKS}; makes {@code F * clocks} passes over the tokens
 * @param consistency  of the reads of counts
 * @param out          directory of the model, made if it is absent; null writes none
 */
public record LdaOptions(Path data, Path test, Path vocabulary, long seed, int topics, float alpha, float beta,
        double workPerClock, int clocks, Consistency consistency, Path out) {
    /** Upper bound of {@link #topics}. */
    public static final int MAX_TOPICS = 1 << 16;
    /** Upper bound of {@link #workPerClock}. */
    public static final double MAX_WORK_PER_CLOCK = 100;
    /** Upper bound of {@link #clocks}. */
    public static final int MAX_CLOCKS = 10_000_000;

    /** Default of {@link #topics}. */
    public static final int DEFAULT_TOPICS = 100;
    /** Default of {@link #alpha} for up to 1,000 topics. */
    public static final float DEFAULT_ALPHA = 0.05f;
    /** For more topics it is such that their sum is this. */
    public static final float DEFAULT_ALPHA_SUM = 50;
    /** Default of {@link #beta}. */
    public static final float DEFAULT_BETA = 0.01f;
    /** Default of {@link #workPerClock}. */
    public static final double DEFAULT_WORK_PER_CLOCK = 1;
    /** Default of {@link #clocks}. */
    public static final int DEFAULT_CLOCKS = 200;

    /**
     * Checks every bound; files are looked at by {@link LatentDirichletAllocation#load}.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public LdaOptions {
        check(topics >= 1 && topics <= MAX_TOPICS, "topics must be 1 to " + MAX_TOPICS + ", got ", topics);
        check(alpha >= Float.MIN_NORMAL && alpha <= Float.MAX_VALUE, "alpha must be more than 0, got ", alpha);
        check(beta >= Float.MIN_NORMAL && beta <= Float.MAX_VALUE, "beta must be more than 0, got ", beta);
        check(workPerClock > 0 && workPerClock <= MAX_WORK_PER_CLOCK,
                "work per clock must be more than 0 and at most " + MAX_WORK_PER_CLOCK + ", got ", workPerClock);
        check(clocks >= 1 && clocks <= MAX_CLOCKS, "clocks must be 1 to " + MAX_CLOCKS + ", got ", clocks);
    }

    /**
     * Default of {@link #alpha}.
     *
     * @param topics K, at least 1
     * @return at most {@link #DEFAULT_ALPHA}
     */
    public static float defaultAlpha(final int topics) {
        return Math.min(DEFAULT_ALPHA, DEFAULT_ALPHA_SUM / topics);
    }

    private static void check(final boolean holds, final String expected, final Number value) {
        if (!holds) {
            throw new IllegalArgumentException(expected + value);
        }
    }
}
