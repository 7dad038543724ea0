package io.rubato.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
    @ValueSource(longs = {0, 1, 63, 4096, 1 << 20})
    void memoryIsAsLongAndAlignedAsIsAskedFor(final long bytes) {
        final MemorySegment memory;
        try (Arena arena = Arena.ofConfined()) {
            for (final long alignment : new long[] {1, 8, LINE, 4096}) {
                final MemorySegment other = Memory.allocate(arena, bytes, alignment);
                assertEquals(bytes, other.byteSize());
                assertEquals(0, other.address() % alignment);
                other.fill((byte) alignment);
            }
            memory = Memory.allocate(arena, bytes, LINE);
        }
        assertThrows(IllegalStateException.class, () -> memory.fill((byte) 1));
    }

    /** Pages that nobody has written to take no room. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryTakesRoomOnceItIsUsed() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final long before = residentBytes();
            final MemorySegment memory = Memory.allocate(arena, 1L << 30, LINE);
            memory.set(ValueLayout.JAVA_LONG, memory.byteSize() / 2, 1);
            assertTrue(residentBytes() - before < 1L << 27);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryIsFreedWithItsArena() throws IOException {
        final long before = residentBytes();
        for (int i = 0; i < 16; i++) {
            try (Arena arena = Arena.ofConfined()) {
                Memory.allocate(arena, 1L << 26, LINE).fill((byte) 1);
            }
        }
        assertTrue(residentBytes() - before < 1L << 28);
        final Arena closed = Arena.ofConfined();
        closed.close();
        assertThrows(IllegalStateException.class, () -> Memory.allocate(closed, 1, 1));
    }

    private static long residentBytes() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * UnsafeApi.pageSize();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64, 65, 512, 8192, 40_000})
    void rowsAheadFitTheFirstLevelCache(final int rowBytes) {
        final int rows = Memory.rowsAhead(rowBytes);
        assertTrue(rows >= 1);
        assertTrue(rows == 1 || rows * (long) Math.max(LINE, rowBytes) <= MOST);
    }
}
