package io.rubato.learn.ratings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SplitTest {
    private final Ratings ratings = PlantedRatings.generate(new PlantedRatings.Shape(500, 300, 20_000, 2, 0.5, 1))
            .ratings();

    @Test
    void holdsATenthOut() {
        final Split split = Split.random(ratings, 0.1, 4);
        assertEquals(ratings.size(), split.train().length + split.testSize());
        // 2,000 expected, standard deviation 42.
        assertTrue(Math.abs(split.testSize() - 2000) < 250, () -> "held out " + split.testSize());
        final boolean[] trains = new boolean[ratings.size()];
        for (final int rating : split.train()) {
            trains[rating] = true;
        }
        int test = 0;
        for (int i = 0; i < trains.length; i++) {
            if (!trains[i]) {
                assertEquals(ratings.users()[i], split.testUsers()[test]);
                assertEquals(ratings.items()[i], split.testItems()[test]);
                assertEquals(ratings.values()[i], split.testValues()[test]);
                test++;
            }
        }
        assertEquals(split.testSize(), test);
        assertEquals(split.train().length, Arrays.stream(split.trainPerUser()).sum());
        assertEquals(split.train().length, Arrays.stream(split.trainPerItem()).sum());
    }

    @Test
    void whatIsSaidTwiceIsOnOneSide() {
        final int[] users = new int[2_000];
        final int[] items = new int[2_000];
        Arrays.setAll(users, i -> i % 1_000 / 20);
        Arrays.setAll(items, i -> i % 20);
        final String[] names = new String[50];
        Arrays.setAll(names, i -> "n" + i);
        final Split split = Split.random(new Ratings(users, items, new float[2_000], names, names), 0.3, 1);
        final boolean[] trains = new boolean[2_000];
        for (final int rating : split.train()) {
            trains[rating] = true;
        }
        assertTrue(split.testSize() > 0);
        assertArrayEquals(Arrays.copyOf(trains, 1_000), Arrays.copyOfRange(trains, 1_000, 2_000));
    }

    @Test
    void dependsOnTheSeedAlone() {
        assertArrayEquals(Split.random(ratings, 0.1, 4).train(), Split.random(ratings, 0.1, 4).train());
        assertFalse(Arrays.equals(Split.random(ratings, 0.1, 4).train(), Split.random(ratings, 0.1, 5).train()));
        assertEquals(0, Split.random(ratings, 0, 4).testSize());
    }

    @Test
    void looksIdsOfATestFileUp() {
        final Ratings train = new Ratings(new int[] {0, 1}, new int[] {0, 0}, new float[] {1, 4},
                new String[] {"ann", "bob"}, new String[] {"up"});
        final Ratings test = new Ratings(new int[] {0, 1, 1}, new int[] {0, 0, 1}, new float[] {3, 2, 5},
                new String[] {"bob", "eve"}, new String[] {"up", "jaws"});
        final Split split = Split.files(train, test);
        assertArrayEquals(new int[] {0, 1}, split.train());
        assertArrayEquals(new int[] {1, Split.UNKNOWN, Split.UNKNOWN}, split.testUsers());
        assertArrayEquals(new int[] {0, 0, Split.UNKNOWN}, split.testItems());
        assertArrayEquals(new float[] {3, 2, 5}, split.testValues());
        assertEquals(2.5, split.trainMean());
    }
}
