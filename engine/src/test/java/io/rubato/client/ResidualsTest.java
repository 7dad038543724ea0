package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.TableSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ResidualsTest {
    private static final int ROWS = 40_000;
    private static final TableSpec SPEC =
            new TableSpec("t", ROWS, 3, ElementType.F32, Consistency.bsp(), Encoding.BF16);

    private final Arena arena = Arena.ofAuto();
    private final Residuals residuals = new Residuals(SPEC, arena);
    private final MemorySegment delta = arena.allocate(SPEC.rowBytes(), 16);

    private float[] rounded(final int row, final float... values) {
        MemorySegment.copy(values, 0, delta, ValueLayout.JAVA_FLOAT, 0, values.length);
        residuals.round(row, delta.address());
        return delta.toArray(ValueLayout.JAVA_FLOAT);
    }

    private float[] with(final int row, final float... values) {
        final MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
        residuals.addTo(row, copy.address());
        return copy.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void whatIsLeftOutGoesIntoTheNextDelta() {
        assertArrayEquals(new float[] {256, 1, -256}, rounded(7, 257, 1, -257));
        assertArrayEquals(new float[] {1, 0, -1}, with(7, 0, 0, 0));
        assertArrayEquals(new float[] {258, 0, -256}, rounded(7, 257, 0, -256));
        assertArrayEquals(new float[] {10, 10, 9}, with(7, 10, 10, 10));
    }

    @Test
    void everyRowHasItsOwn() {
        for (int row = 0; row < ROWS; row += 997) {
            assertTrue(residuals.isZero(row));
            rounded(row, 0, 0, (1 << 16) + row % 256);
            assertArrayEquals(
                    new float[] {5, 5, 5 + (1 << 16) + row % 256 - delta.getAtIndex(ValueLayout.JAVA_FLOAT, 2)},
                    with(row, 5, 5, 5));
        }
        assertTrue(residuals.isZero(1));
        rounded(ROWS - 1, 257, 0, 0);
        assertFalse(residuals.isZero(ROWS - 1));
    }

    @Test
    void theRestIsMovedOnce() {
        rounded(3, 257, 1, 65_535);
        assertFalse(residuals.isZero(3));
        residuals.moveTo(3, delta.address());
        assertArrayEquals(new float[] {1, 0, -1}, delta.toArray(ValueLayout.JAVA_FLOAT));
        assertTrue(residuals.isZero(3));
        assertArrayEquals(new float[3], with(3, 0, 0, 0));
    }

    @Test
    void infinityLeavesNothing() {
        rounded(3, Float.POSITIVE_INFINITY, Float.NaN, Float.NEGATIVE_INFINITY);
        assertTrue(residuals.isZero(3));
    }
}
