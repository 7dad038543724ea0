package io.rubato.learn.mf;

import io.rubato.learn.ratings.Split;
import java.util.Arrays;

/** One worker's test ratings: those of its users, and for worker 0 those of unknown users. */
final class TestRatings {
    private final Split split;
    private final int firstUser;
    private final int endUser;
    private final boolean hasUnknown;
    /** Of the split's test ratings, by item, so that each row is read once. */
    private final int[] ratings;

    TestRatings(final Split split, final int firstUser, final int endUser, final boolean hasUnknown) {
        this.split = split;
        this.firstUser = firstUser;
        this.endUser = endUser;
        this.hasUnknown = hasUnknown;
        final int[] own = own();
        final int[] keys = new int[own.length];
        for (int i = 0; i < own.length; i++) {
            keys[i] = split.testItems()[own[i]] - Split.UNKNOWN;
        }
        ratings = CountingSort.sort(keys, split.all().itemIds().length - Split.UNKNOWN);
        for (int i = 0; i < ratings.length; i++) {
            ratings[i] = own[ratings[i]];
        }
    }

    private int[] own() {
        final int[] own = new int[split.testSize()];
        int size = 0;
        for (int i = 0; i < own.length; i++) {
            if (isMine(split.testUsers()[i])) {
                own[size++] = i;
            }
        }
        return Arrays.copyOf(own, size);
    }

    private boolean isMine(final int user) {
        return user == Split.UNKNOWN ? hasUnknown : user >= firstUser && user < endUser;
    }

    int size() {
        return ratings.length;
    }

    /** From 0 for this worker's first user; the number of its users for an unknown one. */
    int user(final int i) {
        final int user = split.testUsers()[ratings[i]];
        return (user == Split.UNKNOWN ? endUser : user) - firstUser;
    }

    /** Rises with i; {@link Split#UNKNOWN} comes first. */
    int item(final int i) {
        return split.testItems()[ratings[i]];
    }

    float value(final int i) {
        return split.testValues()[ratings[i]];
    }
}
