package io.rubato.client;

import io.rubato.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Access to single elements of rows in off-heap memory; integers wrap. */
final class Elements {
    private Elements() {
    }

    static void add(final ElementType type, final MemorySegment row, final long offset, final int column,
            final double delta) {
        final long at = offset + (long) column * type.bytes();
        if (type == ElementType.F32) {
            row.set(ValueLayout.JAVA_FLOAT, at, row.get(ValueLayout.JAVA_FLOAT, at) + (float) delta);
        } else {
            row.set(ValueLayout.JAVA_DOUBLE, at, row.get(ValueLayout.JAVA_DOUBLE, at) + delta);
        }
    }

    static void add(final ElementType type, final MemorySegment row, final long offset, final int column,
            final long delta) {
        final long at = offset + (long) column * type.bytes();
        switch (type) {
            case F32, F64 -> add(type, row, offset, column, (double) delta);
            case I32 -> row.set(ValueLayout.JAVA_INT, at, row.get(ValueLayout.JAVA_INT, at) + (int) delta);
            case I64 -> row.set(ValueLayout.JAVA_LONG, at, row.get(ValueLayout.JAVA_LONG, at) + delta);
        }
    }

    static double get(final ElementType type, final MemorySegment row, final long offset, final int column) {
        final long at = offset + (long) column * type.bytes();
        return switch (type) {
            case F32 -> row.get(ValueLayout.JAVA_FLOAT, at);
            case F64 -> row.get(ValueLayout.JAVA_DOUBLE, at);
            case I32 -> row.get(ValueLayout.JAVA_INT, at);
            case I64 -> row.get(ValueLayout.JAVA_LONG, at);
        };
    }
}
