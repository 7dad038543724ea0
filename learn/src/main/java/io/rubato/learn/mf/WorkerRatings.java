package io.rubato.learn.mf;

import io.rubato.learn.ratings.Split;
import java.util.SplittableRandom;

/** The training ratings of one worker's users, in the order in which they are processed: shuffled once, then cyclic. */
final class WorkerRatings {
    /** Per rating, counted from the worker's first user. */
    final int[] users;
    final int[] items;
    /** Per rating, the value less the global mean. */
    final float[] targets;

    WorkerRatings(final Split split, final int firstUser, final int endUser, final float mean,
            final SplittableRandom random) {
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
    }

    int size() {
        return targets.length;
    }

    /**
     * How many ratings are processed, repetitions counted, when a worker with {@code size} ratings has finished
     * {@code clocks}.
     */
    static long processed(final int size, final double workPerClock, final int clocks) {
        return (long) Math.floor(clocks * workPerClock * size);
    }
}
