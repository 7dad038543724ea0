package io.rubato.bench;

import io.rubato.learn.lda.LdaOptions;

/**
 * What two trainings of topics have in common.
 *
 * @param topics  K
 * @param alpha   per topic
 * @param beta    per word
 * @param passes  over the tokens
 * @param threads that train
 */
record LdaSettings(int topics, float alpha, float beta, int passes, int threads) {
    /** With the learner's own priors. */
    static LdaSettings of(final int topics, final int passes, final int threads) {
        return new LdaSettings(topics, LdaOptions.defaultAlpha(topics), LdaOptions.DEFAULT_BETA, passes, threads);
    }

    LdaSettings withPasses(final int other) {
        return new LdaSettings(topics, alpha, beta, other, threads);
    }
}
