package io.rubato.simulator.check;

import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.TableSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The elements of audited tables, I64 or F32, as whole numbers: F32 holds those below 2^24. */
public final class WholeNumbers {
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    private WholeNumbers() {
    }

    /**
     * An element of a row.
     *
     * @param spec   of its table
     * @param row    off-heap
     * @param offset of column 0, bytes
     * @param column 0..columns-1
     * @return its value
     */
    public static long get(final TableSpec spec, final MemorySegment row, final long offset, final int column) {
        return spec.type() == ElementType.F32 ? (long) row.get(F32, offset + 4L * column)
                : row.get(I64, offset + 8L * column);
    }

    /**
     * An element of a row in bf16.
     *
     * @param row    off-heap
     * @param offset of column 0, bytes
     * @param column 0..columns-1
     * @return its value
     */
    public static long getBf16(final MemorySegment row, final long offset, final int column) {
        return (long) Float.intBitsToFloat(row.get(BF16, offset + 2L * column) << 16);
    }

    /**
     * An element of what was read.
     *
     * @param spec   of its table
     * @param row    as read
     * @param column 0..columns-1
     * @return its value
     */
    public static long get(final TableSpec spec, final Row row, final int column) {
        return get(spec, row.segment(), row.offset(), column);
    }

    static void set(final TableSpec spec, final MemorySegment row, final long offset, final int column,
            final long value) {
        if (spec.type() == ElementType.F32) {
            row.set(F32, offset + 4L * column, value);
        } else {
            row.set(I64, offset + 8L * column, value);
        }
    }
}
