package io.rubato.learn.ratings;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Ratings drawn from a known model: {@code mean + b_u + b_i + p_u.q_i + noise}. No learner can predict held-out ratings
 * better, on average, than the noise allows: {@link #noiseFloor}. Users and items differ in popularity, and no user
 * rates an item twice. The same shape gives the same ratings.
 */
public final class PlantedRatings {
    private static final double MEAN = 3.5;
    private static final double BIAS_DEVIATION = 0.4;
    private static final double INTERACTION_DEVIATION = 0.6;
    /** An index drawn as {@code size * u^SKEW} makes the density fall as 1/sqrt(rank). */
    private static final double SKEW = 2;
    private static final int STEPS_PER_UNIT = 1000;
    private static final int MAX_FILL_PERCENT = 75;
    private static final int MAX_RATINGS = 1 << 28;

    private final Shape shape;
    private final Ratings ratings;

    private PlantedRatings(final Shape shape, final Ratings ratings) {
        this.shape = shape;
        this.ratings = ratings;
    }

    /**
     * What is generated.
     *
     * @param users   each has at least one rating
     * @param items   each has at least one rating
     * @param ratings at least the larger of users and items, at most three quarters of all pairs and 2^28
     * @param rank    of the planted factors, at least 0
     * @param noise   standard deviation of the Gaussian noise, at least 0; the ratings themselves deviate by about 0.8
     *                without it
     * @param seed    chooses everything that is random
     */
    public record Shape(int users, int items, int ratings, int rank, double noise, long seed) {
        /**
         * Checks every bound.
         *
         * @throws IllegalArgumentException naming the value that is out of range
         */
        public Shape {
            if (users < 1 || items < 1) {
                throw new IllegalArgumentException(
                        "users and items must be at least 1, got " + users + " and " + items);
            }
            final long most = Math.min(MAX_RATINGS, (long) users * items * MAX_FILL_PERCENT / 100);
            if (ratings < Math.max(users, items) || ratings > most) {
                throw new IllegalArgumentException(
                        "ratings must be " + Math.max(users, items) + " to " + most + ", got " + ratings);
            }
            if (rank < 0) {
                throw new IllegalArgumentException("rank must be at least 0, got " + rank);
            }
            if (!(noise >= 0) || Double.isInfinite(noise)) {
                throw new IllegalArgumentException("noise must be finite and at least 0, got " + noise);
            }
        }
    }

    /**
     * Draws model and ratings; a million take about half a second.
     *
     * @param shape what to generate
     * @return the ratings, in random order
     */
    public static PlantedRatings generate(final Shape shape) {
        final SplittableRandom random = new SplittableRandom(shape.seed);
        final double[][] users = factors(random.split(), shape.users, shape.rank);
        final double[][] items = factors(random.split(), shape.items, shape.rank);
        final int[] userOf = new int[shape.ratings];
        final int[] itemOf = new int[shape.ratings];
        drawPairs(random.split(), shape, userOf, itemOf);
        final float[] values = new float[shape.ratings];
        final SplittableRandom noise = random.split();
        for (int i = 0; i < values.length; i++) {
            final double[] user = users[userOf[i]];
            final double[] item = items[itemOf[i]];
            double value = MEAN + user[shape.rank] + item[shape.rank] + shape.noise * noise.nextGaussian();
            for (int k = 0; k < shape.rank; k++) {
                value += user[k] * item[k];
            }
            values[i] = (float) Math.rint(value * STEPS_PER_UNIT) / STEPS_PER_UNIT;
        }
        return new PlantedRatings(shape, new Ratings(userOf, itemOf, values, names(shape.users), names(shape.items)));
    }

    /**
     * What was drawn. Unlike after reading a file, numbers do not follow the order of appearance: user 0 is called "1",
     * and so on.
     *
     * @return values are multiples of 0.001
     */
    public Ratings ratings() {
        return ratings;
    }

    /**
     * The RMSE of a learner that found the planted model.
     *
     * @return standard deviation of the noise
     */
    public double noiseFloor() {
        return shape.noise;
    }

    /**
     * Writes lines of {@code user tab item tab rating}.
     *
     * @param file created or replaced
     * @throws IOException if that fails
     */
    public void write(final Path file) throws IOException {
        final byte[][] userIds = encoded(ratings.userIds());
        final byte[][] itemIds = encoded(ratings.itemIds());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (int i = 0; i < ratings.size(); i++) {
                out.write(userIds[ratings.users()[i]]);
                out.write('\t');
                out.write(itemIds[ratings.items()[i]]);
                out.write('\t');
                writeValue(out, Math.round(ratings.values()[i] * STEPS_PER_UNIT));
                out.write('\n');
            }
        }
    }

    /** Float.toString would take longer than all the rest. */
    private static void writeValue(final OutputStream out, final int thousandths) throws IOException {
        if (thousandths < 0) {
            out.write('-');
        }
        final int absolute = Math.abs(thousandths);
        out.write(Integer.toString(absolute / STEPS_PER_UNIT).getBytes(StandardCharsets.US_ASCII));
        out.write('.');
        out.write('0' + absolute / 100 % 10);
        out.write('0' + absolute / 10 % 10);
        out.write('0' + absolute % 10);
    }

    /**
     * Rows of {@code [factors, bias]}; a product of factors has the variance INTERACTION_DEVIATION^2 whatever the
     * rank.
     */
    private static double[][] factors(final SplittableRandom random, final int rows, final int rank) {
        final double deviation = Math.sqrt(INTERACTION_DEVIATION / Math.sqrt(Math.max(1, rank)));
        final double[][] factors = new double[rows][rank + 1];
        for (final double[] row : factors) {
            for (int k = 0; k < rank; k++) {
                row[k] = deviation * random.nextGaussian();
            }
            row[rank] = BIAS_DEVIATION * random.nextGaussian();
        }
        return factors;
    }

    private static void drawPairs(final SplittableRandom random, final Shape shape, final int[] users,
            final int[] items) {
        final int[] userByRank = permutation(random, shape.users);
        final int[] itemByRank = permutation(random, shape.items);
        final PairSet drawn = new PairSet(shape.ratings);
        final int covering = Math.max(shape.users, shape.items);
        int count = 0;
        while (count < shape.ratings) {
            final boolean covers = count < covering;
            final int user = userByRank[covers ? count % shape.users : skewed(random, shape.users)];
            final int item = itemByRank[covers ? count % shape.items : skewed(random, shape.items)];
            if (drawn.add((long) user * shape.items + item)) {
                users[count] = user;
                items[count] = item;
                count++;
            }
        }
        for (int i = count - 1; i > 0; i--) {
            final int other = random.nextInt(i + 1);
            swap(users, i, other);
            swap(items, i, other);
        }
    }

    private static int skewed(final SplittableRandom random, final int size) {
        return (int) (size * Math.pow(random.nextDouble(), SKEW));
    }

    private static int[] permutation(final SplittableRandom random, final int size) {
        final int[] permutation = new int[size];
        for (int i = 0; i < size; i++) {
            final int other = random.nextInt(i + 1);
            permutation[i] = permutation[other];
            permutation[other] = i;
        }
        return permutation;
    }

    private static void swap(final int[] array, final int i, final int j) {
        final int value = array[i];
        array[i] = array[j];
        array[j] = value;
    }

    private static String[] names(final int size) {
        final String[] names = new String[size];
        Arrays.setAll(names, i -> Integer.toString(i + 1));
        return names;
    }

    private static byte[][] encoded(final String[] ids) {
        return Arrays.stream(ids).map(id -> id.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }
}
