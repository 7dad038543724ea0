package io.rubato.stress;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of i64 whose elements tell where they come from, so that a mixture is noticed. An element of image n of row r is
 * n x 2^16 + r x 2^8 + column; an element of a uniform row is the same number in every column.
 */
public final class MarkedRows {
    /** The elements do not belong together. */
    public static final long TORN = -1;
    /** The elements belong together, and to another row. */
    public static final long OF_ANOTHER_ROW = -2;

    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG;

    private MarkedRows() {
    }

    /**
     * A table whose rows can be marked.
     *
     * @param rows    how many, at most 256
     * @param columns per row, at most 256
     * @return table 0
     */
    public static Table table(final int rows, final int columns) {
        return new Table(0, new TableSpec("stress", rows, columns, ElementType.I64, Consistency.ssp(0)));
    }

    /**
     * Memory for one row.
     *
     * @param columns per row
     * @return zeros, never freed
     */
    public static MemorySegment row(final int columns) {
        return Arena.global().allocate(I64, columns);
    }

    /**
     * Writes an image.
     *
     * @param target  memory
     * @param offset  of column 0, bytes
     * @param columns per row
     * @param row     whose image
     * @param number  of the image, not negative
     */
    public static void mark(final MemorySegment target, final long offset, final int columns, final int row,
            final long number) {
        for (int column = 0; column < columns; column++) {
            target.set(I64, offset + 8L * column, (number << 16) + (row << 8) + column);
        }
    }

    /**
     * Reads an image.
     *
     * @param source  memory
     * @param offset  of column 0, bytes
     * @param columns per row
     * @param row     whose image it should be
     * @return its number, {@link #TORN} or {@link #OF_ANOTHER_ROW}
     */
    public static long number(final MemorySegment source, final long offset, final int columns, final int row) {
        final long first = source.get(I64, offset);
        for (int column = 0; column < columns; column++) {
            if (source.get(I64, offset + 8L * column) != first + column) {
                return TORN;
            }
        }
        return (first & 0xffff) == row << 8 ? first >> 16 : OF_ANOTHER_ROW;
    }

    /**
     * Writes the same number into every column.
     *
     * @param target  memory
     * @param columns per row
     * @param value   of every element
     */
    public static void fill(final MemorySegment target, final int columns, final long value) {
        for (int column = 0; column < columns; column++) {
            target.set(I64, 8L * column, value);
        }
    }

    /**
     * Reads a row with the same number in every column.
     *
     * @param source  memory
     * @param columns per row
     * @return the number, or {@link #TORN}
     */
    public static long uniform(final MemorySegment source, final int columns) {
        final long first = source.get(I64, 0);
        for (int column = 1; column < columns; column++) {
            if (source.get(I64, 8L * column) != first) {
                return TORN;
            }
        }
        return first;
    }
}
