package io.rubato;

/**
 * Shape and rules of a dense table: rows 0..rows-1 of equal width, all elements 0 at first.
 *
 * @param name        1 to 64 characters of {@code [A-Za-z0-9._-]}, not starting with a dot; unique within a job
 * @param rows        1 to {@value #MAX_ROWS}
 * @param columns     1 to {@value #MAX_COLUMNS}
 * @param type        of every element
 * @param consistency how stale a read may be
 * @param encoding    of rows on their way; {@link Encoding#BF16} only of {@link ElementType#F32} and not under VAP,
 *                    whose bound on values leaves no room for rounding
 */
public record TableSpec(String name, long rows, int columns, ElementType type, Consistency consistency,
        Encoding encoding) {
    /** Upper bound of {@link #rows}, so that a row index fits a Java array. */
    public static final long MAX_ROWS = (1 << 30) - 64;
    /** Upper bound of {@link #columns}; the transport's longest message may allow fewer. */
    public static final int MAX_COLUMNS = 1 << 20;

    /**
     * Checks every bound.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public TableSpec {
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException(
                    "table name must be 1 to 64 of [A-Za-z0-9._-] and not start with a dot, got '" + name + "'");
        }
        if (rows < 1 || rows > MAX_ROWS) {
            throw new IllegalArgumentException("table " + name + ": rows must be 1 to " + MAX_ROWS + ", got " + rows);
        }
        if (columns < 1 || columns > MAX_COLUMNS) {
            throw new IllegalArgumentException(
                    "table " + name + ": columns must be 1 to " + MAX_COLUMNS + ", got " + columns);
        }
        if (encoding == Encoding.BF16
                && (type != ElementType.F32 || consistency.isValueBounded())) {
            throw new IllegalArgumentException("table " + name + ": rows travel as bf16 only of type F32 and not under"
                    + " VAP, got " + type + " under " + consistency);
        }
    }

    /**
     * A table whose rows travel exactly.
     *
     * @param name        as above
     * @param rows        as above
     * @param columns     as above
     * @param type        of every element
     * @param consistency how stale a read may be
     */
    public TableSpec(final String name, final long rows, final int columns, final ElementType type,
            final Consistency consistency) {
        this(name, rows, columns, type, consistency, Encoding.EXACT);
    }

    /**
     * Size of one row's elements.
     *
     * @return bytes, at most 8 MiB
     */
    public int rowBytes() {
        return columns * type.bytes();
    }
}
