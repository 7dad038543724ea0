package io.rubato;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row's own kernels, of rows somewhere in a segment. */
class RowTest {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private static Row row(final MemorySegment memory, final long offset, final int columns) {
        return new Row(new TableSpec("t", 10, columns, ElementType.F32, Consistency.bsp())).wrap(memory, offset, 3, 7);
    }

    /** Whole numbers, so that the order of addition does not matter. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 31, 32, 100, 128, 333})
    void kernelsAgreeWithALoop(final int columns) {
        final SplittableRandom random = new SplittableRandom(columns);
        final MemorySegment memory = Arena.ofAuto().allocate(4L * (2 * columns + 16), 64);
        final MemorySegment vector = Arena.ofAuto().allocate(4L * columns + 12, 64);
        for (long i = 0; i < memory.byteSize(); i += 4) {
            memory.set(FLOAT, i, random.nextInt(-9, 10));
        }
        for (long i = 0; i < vector.byteSize(); i += 4) {
            vector.set(FLOAT, i, random.nextInt(-9, 10));
        }
        final Row row = row(memory, 0, columns).moveTo(4L * columns + 64, 4, 8);
        float dot = 0;
        final float[] sums = new float[columns];
        for (int i = 0; i < columns; i++) {
            final float of = vector.get(FLOAT, 8 + 4L * i);
            dot += row.getFloat(i) * of;
            sums[i] = of - 2 * row.getFloat(i);
        }
        assertEquals(dot, row.dot(vector, 8));
        final float before = vector.get(FLOAT, 4);
        final float after = vector.get(FLOAT, 8 + 4L * columns);
        row.axpyTo(-2, vector, 8);
        for (int i = 0; i < columns; i++) {
            assertEquals(sums[i], vector.get(FLOAT, 8 + 4L * i));
        }
        assertEquals(before, vector.get(FLOAT, 4));
        assertEquals(after, vector.get(FLOAT, 8 + 4L * columns));
    }

    @Test
    void vectorsThatDoNotFitAreRefused() {
        final MemorySegment memory = Arena.ofAuto().allocate(64, 64);
        final Row row = row(memory, 0, 4);
        assertThrows(IndexOutOfBoundsException.class, () -> row.dot(memory, 52));
        assertThrows(IndexOutOfBoundsException.class, () -> row.axpyTo(1, memory, -4));
        assertThrows(UnsupportedOperationException.class, () -> row.axpyTo(1, memory.asReadOnly(), 0));
        assertThrows(IllegalArgumentException.class, () -> row.dot(MemorySegment.ofArray(new float[4]), 0));
        final Row whole = new Row(new TableSpec("t", 1, 4, ElementType.I32, Consistency.bsp())).wrap(memory, 0, 0, 0);
        assertThrows(IllegalStateException.class, () -> whole.dot(memory, 0));
        assertThrows(IllegalStateException.class, () -> whole.axpyTo(1, memory, 0));
    }
}
