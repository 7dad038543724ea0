package io.rubato.learn.ratings;

import io.rubato.learn.Hash;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which ratings train and which test. Every process that makes a split with the same arguments gets the same one.
 *
 * @param all       of the training ids; the training ratings are among these
 * @param train     indices into {@code all}, ascending
 * @param testUsers per test rating, the number of its user in {@code all}, or {@link #UNKNOWN}
 * @param testItems per test rating, the number of its item in {@code all}, or {@link #UNKNOWN}
 * @param testValues per test rating
 */
public record Split(Ratings all, int[] train, int[] testUsers, int[] testItems, float[] testValues) {
    /** Stands for a user or item of a test file that the training file does not name. */
    public static final int UNKNOWN = -1;

    /**
     * Holds a random part out: a rating is in the test set if a hash of the seed, its user and its item says so. What
     * a user has said of an item several times is all on one side: a model is not tested on what it has seen.
     *
     * @param all      ratings
     * @param fraction expected part of the test set, 0 to less than 1
     * @param seed     chooses the part
     * @return train and test together are all ratings
     */
    public static Split random(final Ratings all, final double fraction, final long seed) {
        final int[] train = new int[all.size()];
        final int[] test = new int[all.size()];
        int trainCount = 0;
        int testCount = 0;
        for (int i = 0; i < all.size(); i++) {
            if (Hash.unit(seed, (long) all.users()[i] << Integer.SIZE | all.items()[i]) < fraction) {
                test[testCount++] = i;
            } else {
                train[trainCount++] = i;
            }
        }
        final int[] users = new int[testCount];
        final int[] items = new int[testCount];
        final float[] values = new float[testCount];
        for (int i = 0; i < testCount; i++) {
            users[i] = all.users()[test[i]];
            items[i] = all.items()[test[i]];
            values[i] = all.values()[test[i]];
        }
        return new Split(all, Arrays.copyOf(train, trainCount), users, items, values);
    }

    /**
     * Trains on one file and tests on another.
     *
     * @param all  training ratings
     * @param test its ids are looked up among those of {@code all}
     * @return every rating of {@code all} trains
     */
    public static Split files(final Ratings all, final Ratings test) {
        final int[] train = new int[all.size()];
        Arrays.setAll(train, i -> i);
        return new Split(all, train, translate(test.users(), test.userIds(), all.userIds()),
                translate(test.items(), test.itemIds(), all.itemIds()), test.values());
    }

    /**
     * Size of the test set.
     *
     * @return number of test ratings, may be 0
     */
    public int testSize() {
        return testValues.length;
    }

    /**
     * How many training ratings each user has.
     *
     * @return per user
     */
    public int[] trainPerUser() {
        return count(all.users(), all.userIds().length);
    }

    /**
     * How many training ratings each item has.
     *
     * @return per item
     */
    public int[] trainPerItem() {
        return count(all.items(), all.itemIds().length);
    }

    /**
     * Mean of the training ratings.
     *
     * @return NaN if there are none
     */
    public double trainMean() {
        double sum = 0;
        for (final int rating : train) {
            sum += all.values()[rating];
        }
        return sum / train.length;
    }

    private int[] count(final int[] numbers, final int size) {
        final int[] counts = new int[size];
        for (final int rating : train) {
            counts[numbers[rating]]++;
        }
        return counts;
    }

    private static int[] translate(final int[] numbers, final String[] from, final String[] to) {
        final Map<String, Integer> known = HashMap.newHashMap(to.length);
        for (int i = 0; i < to.length; i++) {
            known.put(to[i], i);
        }
        return Arrays.stream(numbers).map(number -> known.getOrDefault(from[number], UNKNOWN)).toArray();
    }
}
