package io.rubato.client;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongFunction;

/**
 * Where the blocks of a delta log come from: memory of its own, or such that the shard sees. Of either kind the block
 * that was freed last is taken next. The worker's thread takes and frees; the agent asks what is shared, of blocks that
 * were handed to it.
 */
final class LogBlocks {
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
        private final long[] addresses;
        private int count;

        /** All, from the base on. */
        Free(final long base, final int count, final long blockBytes) {
            this.addresses = new long[count];
            this.count = count;
            Arrays.setAll(addresses, i -> base + (count - 1L - i) * blockBytes);
        }

        long take() {
            return addresses[--count];
        }

        void put(final long address) {
            addresses[count++] = address;
        }
    }

    /** Absolute address of a block, which the shard sees if it should and there is one. */
    long take(final boolean shouldBeShared) {
        if (shouldBeShared && shared == null) {
            shared = share();
        }
        return shouldBeShared && shared.count > 0 ? shared.take() : own.take();
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
