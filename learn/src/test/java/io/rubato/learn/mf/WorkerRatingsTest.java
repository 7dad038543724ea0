package io.rubato.learn.mf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.ratings.Ratings;
import io.rubato.learn.ratings.Split;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which ratings a worker has, and in which order. */
class WorkerRatingsTest {
    private static final int USERS = 300;
    private static final int ITEMS = 40;
    private static final int RATINGS = 5_000;
    private static final int FIRST_USER = 100;
    private static final float MEAN = 3;
    /** Long rows, of which a block has few. */
    private static final int RANK = 4_096;
    private static final double PHASE = 0.25;
    private static final int FIRST_ITEM = 10;

    private final Split split = Split.random(ratings(), 0.1, 1);

    private static Ratings ratings() {
        final Random random = new Random(1);
        final float[] values = new float[RATINGS];
        for (int i = 0; i < RATINGS; i++) {
            // Each its own, so that it can be told from all others.
            values[i] = i;
        }
        return new Ratings(random.ints(RATINGS, 0, USERS).toArray(), random.ints(RATINGS, 0, ITEMS).toArray(), values,
                names(USERS), names(ITEMS));
    }

    private static String[] names(final int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private WorkerRatings of(final int firstUser, final int endUser, final double workPerClock) {
        return new WorkerRatings(split, firstUser, endUser, MEAN, workPerClock, PHASE, RANK, new SplittableRandom(2));
    }

    @Test
    void aWorkerHasTheRatingsOfItsUsersAndNoOthers() {
        final WorkerRatings ratings = of(FIRST_USER, USERS, 0.3);
        final int[] own = new int[ratings.size()];
        for (int i = 0; i < own.length; i++) {
            own[i] = Math.round(ratings.targets[i] + MEAN);
            assertEquals(split.all().users()[own[i]] - FIRST_USER, ratings.users[i]);
            assertEquals(split.all().items()[own[i]], ratings.items[i]);
        }
        Arrays.sort(own);

        assertArrayEquals(
                Arrays.stream(split.train()).filter(rating -> split.all().users()[rating] >= FIRST_USER).toArray(),
                own);
    }

    @Test
    void aWindowGoesByBlocksOfUsersAndWithinThemByItemsFromTheWorkersOwn() {
        final WorkerRatings ratings = of(FIRST_USER, USERS, 0.3);
        final int window = (int) Math.ceil(0.3 * ratings.size());
        int blocks = 0;
        for (int i = 1; i < ratings.size(); i++) {
            final int rises = place(ratings, i) - place(ratings, i - 1);
            assertTrue(rises >= 0 || i % window == 0, "at " + i);
            blocks += i < window && rises >= ITEMS ? 1 : 0;
        }
        assertTrue(blocks >= 1);
    }

    private static int place(final WorkerRatings ratings, final int i) {
        return ratings.users[i] / ofBlock() * 2 * ITEMS + Math.floorMod(ratings.items[i] - FIRST_ITEM, ITEMS);
    }

    private static int ofBlock() {
        final int blocks = (int) Math.ceilDiv((USERS - FIRST_USER) * UserRows.bytes(RANK), (long) (3 << 18));
        return Math.ceilDiv(USERS - FIRST_USER, blocks);
    }

    @Test
    void theItemsOfSomeRunsAreTheirs() {
        final WorkerRatings ratings = of(FIRST_USER, USERS, 0.3);
        final int runs = ratings.run(ratings.size() - 1) + 1;
        final long[] items = new long[7];
        for (int run = 0; run < runs; run++) {
            final int found = ratings.runItems(run, ratings.size(), items);
            assertEquals(Math.min(items.length, runs - run), found);
            for (int i = 0; i < found; i++) {
                assertEquals(ratings.runItem(run + i), items[i]);
            }
        }
        // A run that goes on after the end is one of them, one that begins there is not.
        assertEquals(3, ratings.runItems(2, ratings.runEnd(4), items));
        assertEquals(4, ratings.runItems(2, ratings.runEnd(4) + 1, items));
        assertEquals(0, ratings.runItems(2, ratings.runEnd(1), items));
    }

    @Test
    void aRunIsOfOneItem() {
        final WorkerRatings ratings = of(FIRST_USER, USERS, 0.3);
        int run = 0;
        for (int from = 0; from < ratings.size(); run++) {
            final int end = ratings.runEnd(run);
            final int item = ratings.items[from];
            assertEquals(item, ratings.runItem(run));
            assertEquals(run, ratings.run(end - 1));
            assertTrue(Arrays.stream(ratings.items, from, end).allMatch(each -> each == item));
            assertTrue(end == ratings.size() || ratings.items[end] != item);
            from = end;
        }
    }

    @Test
    void aWorkerWithoutUsersOrRatingsHasNone() {
        assertEquals(0, of(USERS, USERS, 1).size());
        assertEquals(0, of(FIRST_USER, FIRST_USER, 0.01).size());
    }
}
