package io.rubato.learn.mf;

import io.rubato.learn.ratings.Split;
import java.util.Arrays;

/**
 * How far one worker's ratings move the rows of items.
 *
 * <p>An item's row is changed by all workers at once, each unaware of what the others add in the same clocks. If all of
 * them pull a popular row to where they want it, the sum overshoots, and with enough workers or staleness it diverges.
 * So a worker's rate for an item is the learning rate times the worker's share of the item's training ratings: the sum
 * of what the workers add in one pass over their ratings is then the weighted mean of what each would have added. If
 * the s+1 clocks in which they need not see each other make several passes, the rate is divided by that number.
 *
 * <p>D_i grows by the worker's own errors, scaled up by its share: what a worker sees of an item is taken to stand for
 * the whole.
 */
final class ItemPace {
    /** Per item, rate_i. */
    final float[] rate;
    /** Per item, how much an error of this worker counts: 1 / share. */
    final float[] growth;
    /** Per item, D_i. */
    final float[] damping;
    /** Per item, lambda_i. */
    final float[] lambda;

    ItemPace(final MfOptions options, final Split split, final int firstUser, final int endUser) {
        final int[] all = split.trainPerItem();
        final int[] own = new int[all.length];
        for (final int rating : split.train()) {
            final int user = split.all().users()[rating];
            own[split.all().items()[rating]] += user >= firstUser && user < endUser ? 1 : 0;
        }
        rate = new float[all.length];
        growth = new float[all.length];
        damping = new float[all.length];
        Arrays.fill(damping, 1);
        lambda = new float[all.length];
        final float unseen = (float) Math.max(1, options.workPerClock() * (options.consistency().staleness() + 1));
        for (int i = 0; i < all.length; i++) {
            final float share = (float) own[i] / Math.max(1, all[i]);
            // Alone with an item, a worker sees all there is to see.
            rate[i] = options.learningRate() * (own[i] == all[i] ? 1 : share / unseen);
            growth[i] = 1 / Math.max(share, Float.MIN_NORMAL);
            lambda[i] = lambda(options, all[i]);
        }
    }

    /** The penalty of L2 is per row: a row with n ratings takes lambda / n at each of them. */
    static float lambda(final MfOptions options, final int ratings) {
        return options.regularization() / Math.max(1, ratings);
    }
}
