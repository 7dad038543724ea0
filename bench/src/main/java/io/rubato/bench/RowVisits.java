package io.rubato.bench;

import java.util.SplittableRandom;

/**
 * Distinct rows of a table in random order, spread over all of it, to be visited again and again; knows how often each
 * was visited.
 */
final class RowVisits {
    private final int[] rows;
    private final long[] counts;
    private int next;

    /** All rows, or {@link Rows#VISITS} of them. */
    RowVisits(final int tableRows) {
        final SplittableRandom random = new SplittableRandom(3);
        rows = new int[Math.min(tableRows, Rows.VISITS)];
        for (int i = 0; i < rows.length; i++) {
            final long from = (long) i * tableRows / rows.length;
            final long to = (i + 1L) * tableRows / rows.length;
            rows[i] = (int) random.nextLong(from, to);
        }
        for (int i = rows.length - 1; i > 0; i--) {
            final int other = random.nextInt(i + 1);
            final int row = rows[i];
            rows[i] = rows[other];
            rows[other] = row;
        }
        counts = new long[rows.length];
    }

    int size() {
        return rows.length;
    }

    int row(final int visit) {
        return rows[visit];
    }

    long count(final int visit) {
        return counts[visit];
    }

    /** The next visit's row, counted. */
    int visit() {
        final int visit = next;
        next = visit + 1 == rows.length ? 0 : visit + 1;
        counts[visit]++;
        return rows[visit];
    }
}
