package io.rubato.client;

import io.rubato.ElementType;
import io.rubato.kernel.Memory;
import java.lang.foreign.ValueLayout;

/** Access to single elements of rows, which are told by their absolute addresses; integers wrap. */
final class Elements {
    // A delta may lie anywhere.
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private Elements() {
    }

    static void add(final ElementType type, final long row, final int column, final double delta) {
        final long at = row + (long) column * type.bytes();
        if (type == ElementType.F32) {
            Memory.ALL.set(FLOAT, at, Memory.ALL.get(FLOAT, at) + (float) delta);
        } else {
            Memory.ALL.set(DOUBLE, at, Memory.ALL.get(DOUBLE, at) + delta);
        }
    }

    static void add(final ElementType type, final long row, final int column, final long delta) {
        final long at = row + (long) column * type.bytes();
        switch (type) {
            case F32, F64 -> add(type, row, column, (double) delta);
            case I32 -> Memory.ALL.set(INT, at, Memory.ALL.get(INT, at) + (int) delta);
            case I64 -> Memory.ALL.set(LONG, at, Memory.ALL.get(LONG, at) + delta);
        }
    }

    static double get(final ElementType type, final long row, final int column) {
        final long at = row + (long) column * type.bytes();
        return switch (type) {
            case F32 -> Memory.ALL.get(FLOAT, at);
            case F64 -> Memory.ALL.get(DOUBLE, at);
            case I32 -> Memory.ALL.get(INT, at);
            case I64 -> Memory.ALL.get(LONG, at);
        };
    }
}
