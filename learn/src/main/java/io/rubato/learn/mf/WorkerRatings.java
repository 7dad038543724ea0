package io.rubato.learn.mf;

import io.rubato.learn.ratings.Split;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The training ratings of one worker's users, in the order in which they are processed, cyclically: shuffled once, then
 * sorted within windows by block of users and, within a block, by item. A window is what one clock processes. The users
 * of a block stay in the CPU's cache while all items go by, each with its ratings in one run.
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

    /**
     * Those of users {@code firstUser} to {@code endUser - 1}.
     *
     * @param workPerClock F, the part that is processed in a clock
     * @param phase        0 to less than 1, at which item the worker begins: workers that differ in it work on different
     *                     items at a time
     */
    WorkerRatings(final Split split, final int firstUser, final int endUser, final float mean,
            final double workPerClock, final double phase, final int rank, final SplittableRandom random) {
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
        final int itemCount = split.all().itemIds().length;
        final int first = (int) (phase * itemCount);
        final int blocks = (int) Math.ceilDiv((endUser - firstUser) * UserRows.bytes(rank), BLOCK_BYTES);
        final int ofBlock = Math.ceilDiv(endUser - firstUser, Math.max(1, blocks));
        final int window = (int) Math.clamp(Math.ceil(workPerClock * count), 1, Math.max(1, count));
        for (int from = 0; from < count; from += window) {
            final int to = Math.min(count, from + window);
            sort(from, to, itemCount, i -> items[i] < first ? items[i] - first + itemCount : items[i] - first);
            sort(from, to, blocks, i -> users[i] / ofBlock);
        }
        runs = IntStream.rangeClosed(0, targets.length)
                .filter(i -> i == 0 || i == targets.length || items[i] != items[i - 1]).toArray();
    }

    /** A stable counting sort by a key of 0..keys-1. */
    private void sort(final int from, final int to, final int keys, final IntUnaryOperator key) {
        final int[] next = new int[keys + 1];
        for (int i = from; i < to; i++) {
            next[key.applyAsInt(i) + 1]++;
        }
        for (int k = 0; k < keys; k++) {
            next[k + 1] += next[k];
        }
        final int[] sortedUsers = new int[to - from];
        final int[] sortedItems = new int[to - from];
        final float[] sortedTargets = new float[to - from];
        for (int i = from; i < to; i++) {
            final int place = next[key.applyAsInt(i)]++;
            sortedUsers[place] = users[i];
            sortedItems[place] = items[i];
            sortedTargets[place] = targets[i];
        }
        System.arraycopy(sortedUsers, 0, users, from, to - from);
        System.arraycopy(sortedItems, 0, items, from, to - from);
        System.arraycopy(sortedTargets, 0, targets, from, to - from);
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
