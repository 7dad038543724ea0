package io.rubato.client;

/** The clocks of image n of a row: all of them follow from n, which is its minimum clock and its version. */
final class NumberedClocks {
    private NumberedClocks() {
    }

    static ImageClocks set(final ImageClocks clocks, final long number, final boolean covered) {
        return clocks.set(number, number + 2, 3 * number + 1, number, covered);
    }

    static boolean areOf(final ImageClocks clocks, final long number, final boolean covered) {
        return clocks.minimum == number && clocks.granted == number + 2 && clocks.applied == 3 * number + 1
                && clocks.version == number && clocks.isCovered == covered;
    }
}
