package io.rubato.learn.mf;

import io.rubato.learn.ratings.Split;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The training ratings of one worker's users, in the order in which they are processed, cyclically: shuffled once, then
 * sorted within windows by block of users and, within a block, by item. A window is about what one clock processes. The
 * users of a block stay in the CPU's cache while all items go by, each with its ratings in one run.
 */
final class WorkerRatings {
    /** What the rows of a block of users may take: half of a common second-level cache, or more if that saves runs. */
    private static final long BLOCK_BYTES = 3 << 18;

    /** Per rating, counted from the worker's first user. */
    final int[] users;
    final int[] items;
    /** Per rating, the value less the global mean. */
    final float[] targets;
    /** Where runs of ratings of one item begin, and last the number of ratings. */
    private final int[] runs;
    /** Of each run; looking it up at the run's first rating would touch a cache line for each. */
    private final int[] runItems;

    /**
     * Those of users {@code firstUser} to {@code endUser - 1}.
     *
     * @param workPerClock F, the part that is processed in a clock
     * @param phase        0 to less than 1, at which item the worker begins: workers that differ in it work on
     *                     different items at a time
     */
    WorkerRatings(final Split split, final int firstUser, final int endUser, final float mean,
            final double workPerClock, final double phase, final int rank, final SplittableRandom random) {
        final int[] own = shuffled(split.train(), split.all().users(), firstUser, endUser, random);
        final int itemCount = split.all().itemIds().length;
        final int firstItem = (int) (phase * itemCount);
        final int blocks = (int) Math.ceilDiv((endUser - firstUser) * UserRows.bytes(rank), BLOCK_BYTES);
        final int ofBlock = Math.ceilDiv(endUser - firstUser, Math.max(1, blocks));
        final int window = (int) Math.clamp(Math.ceil(workPerClock * own.length), 1, Math.max(1, own.length));
        final int[] keys = new int[own.length];
        itemsFrom(firstItem, itemCount, split.all().items(), own, keys);
        int[] order = CountingSort.sort(keys, itemCount);
        blocksOf(ofBlock, firstUser, split.all().users(), own, keys);
        order = CountingSort.sort(order, keys, blocks);
        windowsOf(window, keys);
        order = CountingSort.sort(order, keys, Math.ceilDiv(own.length, window));

        users = new int[own.length];
        items = new int[own.length];
        targets = new float[own.length];
        for (int i = 0; i < own.length; i++) {
            final int rating = own[order[i]];
            users[i] = split.all().users()[rating] - firstUser;
            items[i] = split.all().items()[rating];
            targets[i] = split.all().values()[rating] - mean;
        }
        runs = runs(items);
        runItems = new int[runs.length - 1];
        for (int run = 0; run < runItems.length; run++) {
            runItems[run] = items[runs[run]];
        }
    }

    /** The ratings of the worker's users, in random order. */
    private static int[] shuffled(final int[] ratings, final int[] userOf, final int firstUser, final int endUser,
            final SplittableRandom random) {
        final int[] own = new int[count(ratings, userOf, firstUser, endUser)];
        int filled = 0;
        for (final int rating : ratings) {
            if (userOf[rating] >= firstUser && userOf[rating] < endUser) {
                // Inside-out shuffle: the newcomer takes a random place, whose owner moves to the end.
                final int place = random.nextInt(filled + 1);
                own[filled++] = own[place];
                own[place] = rating;
            }
        }
        return own;
    }

    private static int count(final int[] ratings, final int[] userOf, final int firstUser, final int endUser) {
        int count = 0;
        for (final int rating : ratings) {
            count += userOf[rating] >= firstUser && userOf[rating] < endUser ? 1 : 0;
        }
        return count;
    }

    /** How many items after the first one each rating's item comes, cyclically. */
    private static void itemsFrom(final int firstItem, final int itemCount, final int[] itemOf, final int[] own,
            final int[] keys) {
        for (int i = 0; i < own.length; i++) {
            final int item = itemOf[own[i]];
            keys[i] = item < firstItem ? item - firstItem + itemCount : item - firstItem;
        }
    }

    private static void blocksOf(final int usersOfBlock, final int firstUser, final int[] userOf, final int[] own,
            final int[] keys) {
        for (int i = 0; i < own.length; i++) {
            keys[i] = (userOf[own[i]] - firstUser) / usersOfBlock;
        }
    }

    private static void windowsOf(final int window, final int[] keys) {
        for (int i = 0; i < keys.length; i++) {
            keys[i] = i / window;
        }
    }

    private static int[] runs(final int[] items) {
        final int[] runs = new int[items.length + 1];
        int count = 0;
        for (int i = 0; i < items.length; i++) {
            if (i == 0 || items[i] != items[i - 1]) {
                runs[count++] = i;
            }
        }
        runs[count++] = items.length;
        return Arrays.copyOf(runs, count);
    }

    /** The run in which a rating lies. */
    int run(final int rating) {
        final int found = Arrays.binarySearch(runs, rating);
        return found < 0 ? -found - 2 : found;
    }

    /** The number after a run's last rating. */
    int runEnd(final int run) {
        return runs[run + 1];
    }

    /** The item that a run's ratings are of. */
    int runItem(final int run) {
        return runItems[run];
    }

    /**
     * The items of some runs, one behind the other, that begin before a rating.
     *
     * @param into filled from the start
     * @return how many: no more than there is room
     */
    int runItems(final int run, final int end, final long[] into) {
        int count = 0;
        while (count < into.length && run + count < runItems.length && runs[run + count] < end) {
            into[count] = runItems[run + count];
            count++;
        }
        return count;
    }

    int size() {
        return targets.length;
    }

    /** The numbers of all ratings, item by item. */
    int[] byItem(final int itemCount) {
        return CountingSort.sort(items, itemCount);
    }

    /**
     * How many ratings are processed, repetitions counted, when a worker with {@code size} ratings has finished
     * {@code clocks}.
     */
    static long processed(final int size, final double workPerClock, final int clocks) {
        return (long) Math.floor(clocks * workPerClock * size);
    }
}
