package io.rubato.learn.mf;

/**
 * Sorts in a time that grows with the numbers and the keys, and stably: sorted by several keys in turn, the last one
 * counts first. Each loop is a method of its own, small for the compiler, as a training waits for it before its first
 * clock.
 */
final class CountingSort {
    private CountingSort() {
    }

    /**
     * Sorts the numbers 0 to {@code keys.length - 1} by their keys.
     *
     * @param order the numbers in any order
     * @param keys  of each number, 0 to {@code end - 1}
     * @return the numbers by rising keys, those with the same key in the order given
     */
    static int[] sort(final int[] order, final int[] keys, final int end) {
        final int[] next = new int[end + 1];
        count(keys, next);
        sumUp(next);
        final int[] sorted = new int[order.length];
        place(order, keys, next, sorted);
        return sorted;
    }

    /** Those that have smaller numbers come first. */
    static int[] sort(final int[] keys, final int end) {
        final int[] order = new int[keys.length];
        number(order);
        return sort(order, keys, end);
    }

    private static void number(final int[] order) {
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
    }

    private static void count(final int[] keys, final int[] next) {
        for (final int key : keys) {
            next[key + 1]++;
        }
    }

    private static void sumUp(final int[] next) {
        for (int k = 1; k < next.length; k++) {
            next[k] += next[k - 1];
        }
    }

    private static void place(final int[] order, final int[] keys, final int[] next, final int[] sorted) {
        for (final int number : order) {
            sorted[next[keys[number]]++] = number;
        }
    }
}
