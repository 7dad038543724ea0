package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogBlocksTest {
    private static final int LINES = 3;
    private static final long BLOCK = (long) LINES * Memory.CACHE_LINE;
    private static final int COUNT = 5;
    private static final Arena ARENA = Arena.global();

    @Test
    void ofItsOwnTheBlockThatWasFreedLastIsNext() {
        final LogBlocks blocks = new LogBlocks(COUNT, BLOCK, ARENA, 0, DeltaLog.NOT_SHARED);
        final long a = blocks.take(true, true);
        final long b = blocks.take(false, false);
        assertNotEquals(a, b);
        assertFalse(blocks.isShared(a));
        blocks.free(a);
        blocks.free(b);
        assertEquals(b, blocks.take(false, true));
        assertEquals(a, blocks.take(true, false));
    }

    /** Taken and freed in any number, against a plain queue; what is not to be shared never is. */
    @Test
    void ofTheSharedOnesTheBlockThatWasFreedFirstIsNext() {
        final SplittableRandom random = new SplittableRandom(1);
        final LogBlocks blocks =
                new LogBlocks(COUNT, BLOCK, ARENA, 4 * BLOCK, bytes -> ARENA.allocate(bytes, Memory.CACHE_LINE));
        final ArrayDeque<Long> taken = new ArrayDeque<>();
        final ArrayDeque<Long> freed = new ArrayDeque<>();
        for (int i = 0; i < 4; i++) {
            taken.add(blocks.take(true, i % 2 == 0));
            assertTrue(blocks.isShared(taken.getLast()));
        }
        assertEquals(4, new HashSet<>(taken).size());
        for (int step = 0; step < 1_000; step++) {
            if (random.nextBoolean() && !taken.isEmpty()) {
                final long block = taken.poll();
                blocks.free(block);
                freed.add(block);
            } else {
                final long block = blocks.take(true, random.nextBoolean());
                if (freed.isEmpty()) {
                    assertFalse(blocks.isShared(block));
                    blocks.free(block);
                } else {
                    assertEquals(freed.poll(), block);
                    taken.add(block);
                }
            }
            final long own = blocks.take(false, true);
            assertFalse(blocks.isShared(own));
            blocks.free(own);
        }
    }

    /** Each line of it is written to, and nothing else is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLinesOfABlockThatWillBeFilledAreTakenBack(final boolean willBeFilled) {
        final MemorySegment memory = ARENA.allocate(4 * BLOCK, Memory.CACHE_LINE);
        final LogBlocks blocks =
                new LogBlocks(COUNT, BLOCK, ARENA, 2 * BLOCK, bytes -> memory.asSlice(BLOCK, bytes));
        blocks.free(blocks.take(true, false));
        memory.fill((byte) 7);
        final long block = blocks.take(true, willBeFilled) - memory.address();
        for (long line = 0; line < memory.byteSize(); line += Memory.CACHE_LINE) {
            boolean isWritten = false;
            for (long at = line; at < line + Memory.CACHE_LINE; at++) {
                isWritten |= memory.get(ValueLayout.JAVA_BYTE, at) != 7;
            }
            assertEquals(willBeFilled && line >= block && line < block + BLOCK, isWritten, "line at " + line);
        }
    }

    @Test
    void aBlockThatIsFreedTwiceIsAnError() {
        final LogBlocks blocks = new LogBlocks(COUNT, BLOCK, ARENA, 0, DeltaLog.NOT_SHARED);
        final long block = blocks.take(false, false);
        blocks.free(block);
        assertThrows(IllegalStateException.class, () -> blocks.free(block));
    }
}
