package io.rubato.learn.ratings;

/** What stands between the columns of a ratings file; found on its first line, then expected on every line. */
enum Separator {
    TAB("tab", '\t', 1), DOUBLE_COLON("'::'", ':', 2), COMMA("comma", ',', 1), SPACES("space", ' ', 1);

    /** For messages. */
    final String label;
    private final byte first;
    private final int length;

    Separator(final String label, final char first, final int length) {
        this.label = label;
        this.first = (byte) first;
        this.length = length;
    }

    /**
     * Finds the columns of the line {@code bytes[from..to)}, trimmed of spaces. Column i is {@code starts[i]..ends[i]}.
     *
     * @return how many columns there are; only as many as the arrays hold are stored
     */
    int split(final byte[] bytes, final int from, final int to, final int[] starts, final int[] ends) {
        int columns = 0;
        int start = skipSpaces(bytes, from, to);
        while (true) {
            int end = start;
            while (end < to && !isAt(bytes, end, to)) {
                end++;
            }
            if (columns < starts.length) {
                starts[columns] = start;
                ends[columns] = trimEnd(bytes, start, end);
            }
            columns++;
            if (end == to) {
                return columns;
            }
            start = skipSpaces(bytes, end + length, to);
            if (this == SPACES && start == to) {
                return columns;
            }
        }
    }

    private boolean isAt(final byte[] bytes, final int at, final int to) {
        return bytes[at] == first && (length == 1 || at + 1 < to && bytes[at + 1] == first);
    }

    private static int skipSpaces(final byte[] bytes, final int from, final int to) {
        int at = from;
        while (at < to && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    private static int trimEnd(final byte[] bytes, final int from, final int to) {
        int at = to;
        while (at > from && bytes[at - 1] == ' ') {
            at--;
        }
        return at;
    }
}
