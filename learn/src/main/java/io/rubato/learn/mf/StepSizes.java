package io.rubato.learn.mf;

import io.rubato.learn.ratings.Split;

/**
 * How far a rating moves the rows of its user and item.
 *
 * <p>A user's row is changed by one worker, rating after rating, at the learning rate. An item's row is changed by all
 * workers at once, each unaware of what the others add in the same clocks. If all of them pull a popular row to where
 * they want it, the sum overshoots, and with enough workers or staleness it diverges. So the rate of an item with n
 * training ratings is at most 1/n: however the ratings are spread over workers and clocks, one pass over them moves its
 * bias by no more than the full way to their mean.
 *
 * <p>The penalty of L2 is per row: a row with n ratings takes {@code rate * lambda / n} of it at each. To stay below 1
 * for any lambda this is made {@code rate * lambda / (n + rate * lambda)}.
 */
final class StepSizes {
    /** Per user, counted from the worker's first. */
    final float[] userShrink;
    final float[] itemRate;
    final float[] itemShrink;

    StepSizes(final MfOptions options, final Split split, final int firstUser, final int endUser) {
        final int[] trainPerUser = split.trainPerUser();
        userShrink = new float[endUser - firstUser];
        for (int i = 0; i < userShrink.length; i++) {
            userShrink[i] = shrink(options, options.learningRate(), trainPerUser[firstUser + i]);
        }
        final int[] trainPerItem = split.trainPerItem();
        itemRate = new float[trainPerItem.length];
        itemShrink = new float[trainPerItem.length];
        for (int i = 0; i < trainPerItem.length; i++) {
            itemRate[i] = Math.min(options.learningRate(), 1f / trainPerItem[i]);
            itemShrink[i] = shrink(options, itemRate[i], trainPerItem[i]);
        }
    }

    private static float shrink(final MfOptions options, final float rate, final int ratings) {
        final float pull = rate * options.regularization();
        return pull == 0 ? 0 : pull / (ratings + pull);
    }
}
