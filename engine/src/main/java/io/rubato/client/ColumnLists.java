package io.rubato.client;

import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Deltas to a few columns of a wide row, as they travel: {@code count} columns of 32 bits, then their values. A column
 * may repeat. Addresses are absolute.
 */
final class ColumnLists {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private ColumnLists() {
    }

    /** Whether so many columns of a row are worth a list: half as long as the row at most. */
    static boolean isWorthwhile(final ElementType type, final int rowBytes, final int count) {
        return 2L * length(type, count) <= rowBytes;
    }

    /** Bytes of a list. */
    static long length(final ElementType type, final int count) {
        return (long) count * (Integer.BYTES + type.bytes());
    }

    static void write(final long at, final int[] columns, final float[] deltas, final int count) {
        writeColumns(at, columns, count);
        MemorySegment.copy(deltas, 0, Memory.ALL, FLOAT, at + 4L * count, count);
    }

    static void write(final long at, final int[] columns, final double[] deltas, final int count) {
        writeColumns(at, columns, count);
        MemorySegment.copy(deltas, 0, Memory.ALL, DOUBLE, at + 4L * count, count);
    }

    /** Of an integer type. */
    static void write(final ElementType type, final long at, final int[] columns, final long[] deltas,
            final int count) {
        writeColumns(at, columns, count);
        final long values = at + 4L * count;
        if (type == ElementType.I64) {
            MemorySegment.copy(deltas, 0, Memory.ALL, LONG, values, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            Memory.ALL.set(INT, values + 4L * i, (int) deltas[i]);
        }
    }

    private static void writeColumns(final long at, final int[] columns, final int count) {
        MemorySegment.copy(columns, 0, Memory.ALL, INT, at, count);
    }

    /**
     * Adds a list to the row whose column 0 lies at {@code row}. Columns are checked once more: a mistake elsewhere
     * must not become a write to any place in memory.
     */
    static void addTo(final TableSpec spec, final long row, final long at, final int count) {
        final ElementType type = spec.type();
        final long values = at + 4L * count;
        for (int i = 0; i < count; i++) {
            final long element =
                    row + (long) Objects.checkIndex(Memory.ALL.get(INT, at + 4L * i), spec.columns()) * type.bytes();
            final long value = values + (long) i * type.bytes();
            switch (type) {
                case F32 ->
                    Memory.ALL.set(FLOAT, element, Memory.ALL.get(FLOAT, element) + Memory.ALL.get(FLOAT, value));
                case F64 -> Memory.ALL.set(DOUBLE, element,
                        Memory.ALL.get(DOUBLE, element) + Memory.ALL.get(DOUBLE, value));
                case I32 -> Memory.ALL.set(INT, element, Memory.ALL.get(INT, element) + Memory.ALL.get(INT, value));
                case I64 -> Memory.ALL.set(LONG, element, Memory.ALL.get(LONG, element) + Memory.ALL.get(LONG, value));
            }
        }
    }
}
