package io.rubato.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The program and MALLET, side by side.
 *
 * @param settings of both
 * @param tokens   in the training documents
 * @param trained  by the program
 * @param mallet   by MALLET
 */
record LdaComparison(LdaSettings settings, int tokens, LdaRun trained, LdaRun mallet) {
    /** The best likelihood that both reach: the lower of the final ones. */
    double commonLikelihood() {
        return Math.min(trained.heldOut(), mallet.heldOut());
    }

    /** Of training, until a run has the common likelihood. */
    double secondsToCommon(final LdaRun run) {
        return run.curve().reaches(-commonLikelihood());
    }

    /** How many times as long MALLET takes. */
    double ratio() {
        return secondsToCommon(mallet) / secondsToCommon(trained);
    }

    /**
     * Tokens per second at equal likelihood: those that MALLET visits on the way to the common one, by the seconds that
     * a run takes there. A run whose passes bring more is quicker by as much as it needs fewer of them.
     */
    double equalRate(final LdaRun run) {
        return mallet.tokensPerSecond() * secondsToCommon(mallet) / secondsToCommon(run);
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("topics", settings.topics());
        json.put("alpha", (double) settings.alpha());
        json.put("beta", (double) settings.beta());
        json.put("passes", settings.passes());
        json.put("threads", settings.threads());
        json.put("tokens", tokens);
        json.put("commonLikelihood", commonLikelihood());
        json.put("trained", json(trained));
        json.put("mallet", json(mallet));
        json.put("ratio", ratio());
        return json;
    }

    private Map<String, Object> json(final LdaRun run) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("tokensPerSecond", run.tokensPerSecond());
        json.put("heldOutLogLikelihoodPerToken", run.heldOut());
        json.put("secondsToCommon", secondsToCommon(run));
        json.put("tokensPerSecondAtEqualLikelihood", equalRate(run));
        return json;
    }
}
