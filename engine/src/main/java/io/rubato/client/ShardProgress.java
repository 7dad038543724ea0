package io.rubato.client;

import java.util.concurrent.atomic.AtomicLongArray;

/** How far every shard is with this client, as its agent knows it. Written by the agent, read by the workers. */
final class ShardProgress {
    private static final int ACKNOWLEDGED = 0;
    private static final int PUSHED_CLOCK = 1;
    private static final int PUSHED_SEQUENCE = 2;
    private static final int VISIBLE = 3;
    /** A cache line for each shard. */
    private static final int STRIDE = 8;

    private final AtomicLongArray values;

    ShardProgress(final int shards) {
        values = new AtomicLongArray(shards * STRIDE);
    }

    /** This client's messages up to here have been applied. */
    long acknowledged(final int shard) {
        return values.getAcquire(shard * STRIDE + ACKNOWLEDGED);
    }

    void acknowledged(final int shard, final long sequence) {
        values.setRelease(shard * STRIDE + ACKNOWLEDGED, sequence);
    }

    /** The minimum clock of every covered image of the shard; who sees it sees the images pushed before. */
    long pushedClock(final int shard) {
        return values.getAcquire(shard * STRIDE + PUSHED_CLOCK);
    }

    /** This client's messages up to here are in every covered image of the shard. */
    long pushedSequence(final int shard) {
        return values.getAcquire(shard * STRIDE + PUSHED_SEQUENCE);
    }

    /** To be called after the acknowledgement of that sequence. */
    void pushed(final int shard, final long clock, final long sequence) {
        values.setRelease(shard * STRIDE + PUSHED_CLOCK, Math.max(clock, pushedClock(shard)));
        values.setRelease(shard * STRIDE + PUSHED_SEQUENCE, Math.max(sequence, pushedSequence(shard)));
    }

    /** This client's messages up to here can be seen by all readers of value-bounded tables. */
    long visible(final int shard) {
        return values.getAcquire(shard * STRIDE + VISIBLE);
    }

    void visible(final int shard, final long sequence) {
        values.setRelease(shard * STRIDE + VISIBLE, Math.max(sequence, visible(shard)));
    }
}
