package io.rubato.learn.mf;

import io.rubato.learn.ratings.Split;
import java.util.SplittableRandom;

/**
 * The training ratings of one worker's users, in the order in which they are processed, cyclically: shuffled once, then
 * sorted within windows by block of items, so that a block's rows stay in the CPU's cache while they are worked on.
 */
final class WorkerRatings {
    /** Most ratings that are sorted together. */
    private static final int MAX_WINDOW = 1 << 16;
    /** A clock processes at least so many windows, or its deltas would pile up on a few blocks. */
    private static final int WINDOWS_PER_CLOCK = 4;
    /** Neighbouring items, as a power of two, whose rows fit the cache together. */
    private static final int BLOCK_SHIFT = 5;

    /** Per rating, counted from the worker's first user. */
    final int[] users;
    final int[] items;
    /** Per rating, the value less the global mean. */
    final float[] targets;

    /**
     * Those of users {@code firstUser} to {@code endUser - 1}.
     *
     * @param workPerClock F, the part that is processed in a clock
     * @param phase        0 to less than 1, where in the blocks the worker begins: workers that differ in it work on
     *                     different blocks at a time
     */
    WorkerRatings(final Split split, final int firstUser, final int endUser, final float mean,
            final double workPerClock, final double phase, final SplittableRandom random) {
        final int[] userOf = split.all().users();
        int count = 0;
        for (final int rating : split.train()) {
            count += userOf[rating] >= firstUser && userOf[rating] < endUser ? 1 : 0;
        }
        users = new int[count];
        items = new int[count];
        targets = new float[count];
        int filled = 0;
        for (final int rating : split.train()) {
            if (userOf[rating] >= firstUser && userOf[rating] < endUser) {
                // Inside-out shuffle: the newcomer takes a random place, whose owner moves to the end.
                final int place = random.nextInt(filled + 1);
                users[filled] = users[place];
                items[filled] = items[place];
                targets[filled] = targets[place];
                users[place] = userOf[rating] - firstUser;
                items[place] = split.all().items()[rating];
                targets[place] = split.all().values()[rating] - mean;
                filled++;
            }
        }
        final int blocks = (split.all().itemIds().length >> BLOCK_SHIFT) + 1;
        final int window = (int) Math.clamp(workPerClock * count / WINDOWS_PER_CLOCK, 1, MAX_WINDOW);
        for (int from = 0; from < count; from += window) {
            sortByBlock(from, Math.min(count, from + window), blocks, (int) (phase * blocks));
        }
    }

    /** A stable counting sort that begins with the given block. */
    private void sortByBlock(final int from, final int to, final int blocks, final int first) {
        final int[] next = new int[blocks + 1];
        for (int i = from; i < to; i++) {
            next[block(i, blocks, first) + 1]++;
        }
        for (int block = 0; block < blocks; block++) {
            next[block + 1] += next[block];
        }
        final int[] sortedUsers = new int[to - from];
        final int[] sortedItems = new int[to - from];
        final float[] sortedTargets = new float[to - from];
        for (int i = from; i < to; i++) {
            final int place = next[block(i, blocks, first)]++;
            sortedUsers[place] = users[i];
            sortedItems[place] = items[i];
            sortedTargets[place] = targets[i];
        }
        System.arraycopy(sortedUsers, 0, users, from, to - from);
        System.arraycopy(sortedItems, 0, items, from, to - from);
        System.arraycopy(sortedTargets, 0, targets, from, to - from);
    }

    private int block(final int rating, final int blocks, final int first) {
        final int block = (items[rating] >> BLOCK_SHIFT) - first;
        return block < 0 ? block + blocks : block;
    }

    int size() {
        return targets.length;
    }

    /** The numbers of all ratings, item by item. */
    int[] byItem(final int itemCount) {
        final int[] next = new int[itemCount + 1];
        for (final int item : items) {
            next[item + 1]++;
        }
        for (int item = 0; item < itemCount; item++) {
            next[item + 1] += next[item];
        }
        final int[] numbers = new int[items.length];
        for (int i = 0; i < items.length; i++) {
            numbers[next[items[i]]++] = i;
        }
        return numbers;
    }

    /**
     * How many ratings are processed, repetitions counted, when a worker with {@code size} ratings has finished
     * {@code clocks}.
     */
    static long processed(final int size, final double workPerClock, final int clocks) {
        return (long) Math.floor(clocks * workPerClock * size);
    }
}
