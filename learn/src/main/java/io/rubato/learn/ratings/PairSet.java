package io.rubato.learn.ratings;

import java.util.Arrays;

/** A set of numbers >= 0, of a size known beforehand: open addressing, at most half full. */
final class PairSet {
    private static final long FREE = -1;

    private final long[] slots;

    PairSet(final int size) {
        slots = new long[Integer.highestOneBit(Math.max(1, Math.min(size, 1 << 28))) << 2];
        Arrays.fill(slots, FREE);
    }

    /** False if it was there. */
    boolean add(final long pair) {
        int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & (slots.length - 1);
        while (slots[slot] != FREE) {
            if (slots[slot] == pair) {
                return false;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = pair;
        return true;
    }
}
