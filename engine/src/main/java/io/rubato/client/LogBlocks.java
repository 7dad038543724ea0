package io.rubato.client;

import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.LongFunction;

/**
 * Where the blocks of a delta log come from: memory of its own, or such that the shard sees. Of its own the block that
 * was freed last is taken next, as it is still in the cache of the worker's core. Of the shared ones that which was
 * freed first: what the shard's core has read lately is in its cache, and the worker's must take a line back before it
 * can write to it. The worker's thread takes and frees; the agent asks what is shared, of blocks that were handed to
 * it.
 */
final class LogBlocks {
    /** What is taken back beforehand; of a longer block more would have left the cache when its turn comes. */
    private static final long MOST_BYTES_BEFOREHAND = 64L << 10;

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

    /**
     * So many blocks of its own, which are enough, and so many bytes of shared ones at most. A block's bytes are a
     * multiple of {@link Memory#CACHE_LINE}.
     */
    LogBlocks(final int count, final long blockBytes, final Arena arena, final long mostSharedBytes,
            final LongFunction<MemorySegment> sharing) {
        this.blockBytes = blockBytes;
        this.mostSharedBytes = mostSharedBytes;
        this.own = new Free(Memory.allocate(arena, count * blockBytes, Memory.CACHE_LINE).address(), count, blockBytes);
        this.sharing = sharing;
    }

    private static final class Free {
        /** A ring: the oldest is in place {@code first}. */
        private final long[] addresses;
        private int first;
        private int count;

        /** All, from the base on. */
        Free(final long base, final int count, final long blockBytes) {
            this.addresses = new long[count];
            this.count = count;
            Arrays.setAll(addresses, i -> base + i * blockBytes);
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
            if (count == addresses.length) {
                throw new IllegalStateException("a block is freed that was not taken");
            }
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
     * @param willBeFilled whether the caller is likely to write all of it, soon
     */
    long take(final boolean shouldBeShared, final boolean willBeFilled) {
        if (shouldBeShared && shared == null) {
            shared = share();
        }
        if (!shouldBeShared || shared.isEmpty()) {
            return own.takeNewest();
        }
        final long block = shared.takeOldest();
        if (willBeFilled) {
            takeLinesBack(block);
        }
        return block;
    }

    /**
     * A store waits for its line, and those behind it wait too: left to the writing of records, with a dozen stores
     * between the lines, few would be under way at once. One store to each, with nothing between them, has many.
     */
    private void takeLinesBack(final long block) {
        final long end = block + Math.min(blockBytes, MOST_BYTES_BEFOREHAND);
        for (long line = block; line < end; line += Memory.CACHE_LINE) {
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
