package io.rubato.client;

import io.rubato.ElementType;
import io.rubato.TableSpec;
import java.util.Objects;

/** What a worker's delta must be like; each check throws what {@link io.rubato.Worker} promises. */
final class DeltaChecks {
    private DeltaChecks() {
    }

    static void requireFloating(final TableSpec spec) {
        if (!spec.type().isFloating()) {
            throw refused(spec, "a floating-point delta");
        }
    }

    static void requireInteger(final TableSpec spec) {
        if (spec.type().isFloating()) {
            throw refused(spec, "integer deltas");
        }
    }

    static void require(final TableSpec spec, final ElementType type) {
        if (spec.type() != type) {
            throw refused(spec, "deltas of " + type);
        }
    }

    private static IllegalArgumentException refused(final TableSpec spec, final String got) {
        return new IllegalArgumentException("table " + spec.name() + " holds " + spec.type() + ", got " + got);
    }

    /** Of a sparse delta: so many columns and values are there, and all columns in the table. */
    static void requireColumns(final TableSpec spec, final int[] columns, final int deltas, final int count) {
        Objects.checkFromIndexSize(0, count, Math.min(columns.length, deltas));
        for (int i = 0; i < count; i++) {
            Objects.checkIndex(columns[i], spec.columns());
        }
    }

    static void requireFits(final TableSpec spec, final long delta) {
        final boolean fits = switch (spec.type()) {
            case I64 -> true;
            case I32 -> delta == (int) delta;
            case F32 -> (long) (float) delta == delta && delta != Long.MAX_VALUE;
            case F64 -> (long) (double) delta == delta && delta != Long.MAX_VALUE;
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    delta + " cannot be represented in table " + spec.name() + " of " + spec.type());
        }
    }
}
