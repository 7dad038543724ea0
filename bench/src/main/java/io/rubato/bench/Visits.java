package io.rubato.bench;

/** Walks an order of rows for ever, some at a time. */
final class Visits {
    private final int[] order;
    private int next;

    Visits(final int[] order) {
        this.order = order;
    }

    int[] order() {
        return order;
    }

    /** Where in the order the next {@code count} visits lie: at the start again when too few are left. */
    int take(final int count) {
        final int from = next + count <= order.length ? next : 0;
        next = from + count;
        return from;
    }
}
