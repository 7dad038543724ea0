package io.rubato.client;

import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.LongFunction;

/**
 * Where the blocks of a delta log come from: memory of its own, or such that the shard sees. Of its own the block that
 * was freed last is taken next, as it is still in this core's cache. Of the shared ones that which was freed first: what
 * the shard's core has read lately is in its cache, and this one cannot write to a line before it has taken it back. The
 * worker's thread takes and frees; the agent asks what is shared, of blocks that were handed to it.
 */
final class LogBlocks {
    /** Bytes of a processor's cache line; of a longer one each is taken back in parts. */
    private static final int LINE = 64;

    private final long blockBytes;
    private final long mostSharedBytes;
    private final Free own;
    /** Gives memory that the shard sees, of so many bytes or less; null if there is none. Asked once. */
    private final LongFunction<MemorySegment> sharing;
    /** What sharing gave; held. */
    private MemorySegment memory = MemorySegment.NULL;
    private long sharedAddress;
    private long sharedBytes;
    /** Null before sharing was asked. */
    private Free shared;

    /** So many blocks of its own, which are enough, and so many bytes of shared ones at most. */
    LogBlocks(final int count, final long blockBytes, final Arena arena, final long mostSharedBytes,
            final LongFunction<MemorySegment> sharing) {
        this.blockBytes = blockBytes;
        this.mostSharedBytes = mostSharedBytes;
        this.own = new Free(arena.allocate(count * blockBytes, 64).address(), count, blockBytes);
        this.sharing = sharing;
    }

    private static final class Free {
        /** A ring: the oldest is in place {@code first}. */
        private final long[] addresses;
        private int first;
        private int count;

        /** All, from the base on; the lowest as if it had been freed last. */
        Free(final long base, final int count, final long blockBytes) {
            this.addresses = new long[count];
            this.count = count;
            Arrays.setAll(addresses, i -> base + (count - 1L - i) * blockBytes);
        }

        boolean isEmpty() {
            return count == 0;
        }

        long takeOldest() {
            final long oldest = addresses[first];
            first = place(1);
            count--;
            return oldest;
        }

        long takeNewest() {
            count--;
            return addresses[place(count)];
        }

        void put(final long address) {
            addresses[place(count)] = address;
            count++;
        }

        private int place(final int fromFirst) {
            final int place = first + fromFirst;
            return place < addresses.length ? place : place - addresses.length;
        }
    }

    /**
     * Absolute address of a block, which the shard sees if it should and there is one. What it holds is of no use.
     *
     * @param isFilled whether the caller is likely to write all of it, soon
     */
    long take(final boolean shouldBeShared, final boolean isFilled) {
        if (shouldBeShared && shared == null) {
            shared = share();
        }
        if (!shouldBeShared || shared.isEmpty()) {
            return own.takeNewest();
        }
        final long block = shared.takeOldest();
        if (isFilled) {
            takeLinesBack(block);
        }
        return block;
    }

    /**
     * A store waits for its line, and those behind it wait too: left to the writing of records, few lines would be under
     * way at a time. Stores to nothing but lines have them come together.
     */
    private void takeLinesBack(final long block) {
        for (long line = block; line < block + blockBytes; line += LINE) {
            Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, line, 0L);
        }
    }

    void free(final long block) {
        (isShared(block) ? shared : own).put(block);
    }

    private Free share() {
        final long wanted = Math.min(own.addresses.length, mostSharedBytes / blockBytes) * blockBytes;
        final MemorySegment given = wanted == 0 ? null : sharing.apply(wanted);
        if (given == null) {
            return new Free(0, 0, blockBytes);
        }
        memory = given;
        sharedAddress = memory.address();
        sharedBytes = memory.byteSize();
        return new Free(sharedAddress, (int) Math.min(own.addresses.length, sharedBytes / blockBytes), blockBytes);
    }

    boolean isShared(final long address) {
        return address >= sharedAddress && address < sharedAddress + sharedBytes;
    }

    /** Where in the shared memory an address lies that is shared. */
    long sharedOffset(final long address) {
        return address - sharedAddress;
    }
}
