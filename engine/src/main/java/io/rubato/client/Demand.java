package io.rubato.client;

import java.lang.invoke.VarHandle;

/**
 * What a worker is blocked on: a row, or a shard's progress with its deltas. The worker writes it between two
 * increments of a version; the agent takes a copy that is consistent or none.
 */
final class Demand {
    static final int NOTHING = -1;
    static final int SHARD = -2;

    private int table = NOTHING;
    private int row;
    private long clock;
    private int staleness;
    private long freshness;
    private long sequence;
    private int shard;
    private long sinceNs;
    private volatile long version;

    void set(final int tableId, final int wantedRow, final long readerClock, final int bound,
            final long wantedFreshness,
            final long wantedSequence, final int ofShard, final long nowNs) {
        final long before = begin();
        table = tableId;
        row = wantedRow;
        clock = readerClock;
        staleness = bound;
        freshness = wantedFreshness;
        sequence = wantedSequence;
        shard = ofShard;
        sinceNs = nowNs;
        version = before + 2;
    }

    void waitsForShard(final int ofShard, final long nowNs) {
        final long before = begin();
        table = SHARD;
        shard = ofShard;
        sinceNs = nowNs;
        version = before + 2;
    }

    void clear() {
        final long before = begin();
        table = NOTHING;
        version = before + 2;
    }

    private long begin() {
        final long before = version;
        version = before + 1;
        VarHandle.storeStoreFence();
        return before;
    }

    /** Copies the worker's demand into this one; leaves it as it is while the worker writes. */
    void copyFrom(final Demand worker) {
        final long before = worker.version;
        if (before == version || (before & 1) != 0) {
            return;
        }
        final int newTable = worker.table;
        final int newRow = worker.row;
        final long newClock = worker.clock;
        final int newStaleness = worker.staleness;
        final long newFreshness = worker.freshness;
        final long newSequence = worker.sequence;
        final int newShard = worker.shard;
        final long newSince = worker.sinceNs;
        VarHandle.loadLoadFence();
        if (worker.version != before) {
            return;
        }
        table = newTable;
        row = newRow;
        clock = newClock;
        staleness = newStaleness;
        freshness = newFreshness;
        sequence = newSequence;
        shard = newShard;
        sinceNs = newSince;
        version = before;
    }

    /** Differs between two demands. */
    long version() {
        return version;
    }

    /** A table's id, {@link #SHARD} or {@link #NOTHING}. */
    int table() {
        return table;
    }

    int row() {
        return row;
    }

    long clock() {
        return clock;
    }

    int staleness() {
        return staleness;
    }

    long freshness() {
        return freshness;
    }

    /** An image must hold this sequence number of the client. */
    long sequence() {
        return sequence;
    }

    int shard() {
        return shard;
    }

    long sinceNs() {
        return sinceNs;
    }
}
