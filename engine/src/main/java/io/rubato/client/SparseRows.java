package io.rubato.client;

import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import java.lang.foreign.ValueLayout;

/** Finds and writes the columns of a delta that are not zero; a zero is all bits 0, so that -0.0 travels. */
final class SparseRows {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private SparseRows() {
    }

    static int count(final DeltaLog log, final TableSpec spec, final long n) {
        final long values = log.address(n);
        int count = 0;
        for (int c = 0; c < spec.columns(); c++) {
            count += bits(values, c, spec.type().bytes()) != 0 ? 1 : 0;
        }
        return count;
    }

    /** Writes {@code count} columns, then their values. */
    static void encode(final DeltaLog log, final TableSpec spec, final long n, final int count, final long at) {
        final long values = log.address(n);
        final int bytes = spec.type().bytes();
        long column = at;
        long value = at + 4L * count;
        for (int c = 0; c < spec.columns(); c++) {
            final long bits = bits(values, c, bytes);
            if (bits != 0) {
                Memory.ALL.set(INT, column, c);
                column += 4;
                if (bytes == 4) {
                    Memory.ALL.set(INT, value, (int) bits);
                } else {
                    Memory.ALL.set(LONG, value, bits);
                }
                value += bytes;
            }
        }
    }

    private static long bits(final long values, final int column, final int bytes) {
        return bytes == 4 ? Memory.ALL.get(INT, values + 4L * column) : Memory.ALL.get(LONG, values + 8L * column);
    }
}
