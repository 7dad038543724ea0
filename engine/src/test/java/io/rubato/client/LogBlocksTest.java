package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class LogBlocksTest {
    private static final long BLOCK = 192;
    private static final int COUNT = 5;

    @Test
    void ofItsOwnTheBlockThatWasFreedLastIsNext() {
        final LogBlocks blocks = new LogBlocks(COUNT, BLOCK, Arena.ofAuto(), 0, DeltaLog.NOT_SHARED);
        final long a = blocks.take(true, true);
        final long b = blocks.take(false, false);
        assertNotEquals(a, b);
        assertFalse(blocks.isShared(a));
        blocks.free(a);
        blocks.free(b);
        assertEquals(b, blocks.take(false, true));
        assertEquals(a, blocks.take(true, false));
    }

    @Test
    void ofTheSharedOnesTheBlockThatWasFreedFirstIsNext() {
        final LogBlocks blocks = new LogBlocks(COUNT, BLOCK, Arena.ofAuto(), 3 * BLOCK, Arena.ofAuto()::allocate);
        final long[] taken = {blocks.take(true, true), blocks.take(true, false), blocks.take(true, true)};
        for (final long block : taken) {
            assertTrue(blocks.isShared(block));
        }
        final long own = blocks.take(true, true);
        assertFalse(blocks.isShared(own), "a fourth of three");
        blocks.free(own);
        for (int round = 0; round < 4; round++) {
            blocks.free(taken[1]);
            blocks.free(taken[0]);
            assertEquals(taken[1], blocks.take(true, true));
            blocks.free(taken[2]);
            assertEquals(taken[0], blocks.take(true, true));
            assertEquals(taken[2], blocks.take(true, true));
            assertFalse(blocks.isShared(blocks.take(false, true)));
            blocks.free(own);
        }
    }

    @Test
    void aBlockThatIsToBeFilledIsNotLeftWhileItIsMadeReady() {
        final MemorySegment memory = Arena.ofAuto().allocate(4 * BLOCK, 64);
        final LogBlocks blocks = new LogBlocks(COUNT, BLOCK, Arena.ofAuto(), 2 * BLOCK,
                bytes -> memory.asSlice(BLOCK, bytes));
        blocks.free(blocks.take(true, false));
        memory.fill((byte) 7);
        blocks.take(true, false);
        assertEquals(-1, memory.mismatch(Arena.ofAuto().allocate(4 * BLOCK).fill((byte) 7)),
                "nothing is written unasked");
        final long filled = blocks.take(true, true);
        for (long at = 0; at < memory.byteSize(); at++) {
            final long address = memory.address() + at;
            if (address < filled || address >= filled + BLOCK) {
                assertEquals(7, memory.get(ValueLayout.JAVA_BYTE, at), "byte " + at);
            }
        }
    }
}
