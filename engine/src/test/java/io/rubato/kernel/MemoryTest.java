package io.rubato.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {
    private static final int LINE = 64;
    private static final int MOST = 8 << 10;
    private static final int ROWS = 5;

    /** Line k has the word 1 + k: the sum tells which lines were loaded, and each but once. */
    @ParameterizedTest
    @ValueSource(longs = {4, 16, 64, 128, 192, 256, 320, 520, 576, 4096, 40_000})
    void everyLineOfTheRowsIsLoadedOnce(final long stride) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment memory = arena.allocate((ROWS * stride + LINE - 1) / LINE * LINE, LINE);
            for (long line = 0; line * LINE < memory.byteSize(); line++) {
                memory.set(ValueLayout.JAVA_LONG, line * LINE, 1 + line);
            }
            final int[] rows = {3, 0, ROWS - 1, 0};
            long expected = 0;
            for (final int row : rows) {
                final long first = row * stride / LINE;
                final long last = (row * stride + Math.min(stride, MOST) - 1) / LINE;
                for (long line = first; line <= last; line++) {
                    expected += 1 + line;
                }
            }
            assertEquals(expected, Memory.prefetch(memory.address(), ROWS, stride, rows, rows.length));
            assertEquals(0, Memory.prefetch(memory.address(), ROWS, stride, rows, 0));
            for (final int wrong : new int[] {-1, ROWS}) {
                assertThrows(IndexOutOfBoundsException.class,
                        () -> Memory.prefetch(memory.address(), ROWS, stride, new int[] {0, wrong}, 2));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64, 65, 512, 8192, 40_000})
    void rowsAheadFitTheFirstLevelCache(final int rowBytes) {
        final int rows = Memory.rowsAhead(rowBytes);
        assertTrue(rows >= 1);
        assertTrue(rows == 1 || rows * (long) Math.max(LINE, rowBytes) <= MOST);
    }
}
