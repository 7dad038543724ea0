package io.rubato.shard;

import org.agrona.DirectBuffer;

/** A read request that waits for its gate or for its answer to be sent; reused. */
final class ParkedRead {
    private long request;
    private ShardTable table;
    private long clock;
    private int staleness;
    private int[] rows = new int[16];
    private int count;
    private int next;

    ParkedRead set(final long request, final ShardTable table, final long clock, final int staleness,
            final DirectBuffer buffer, final int offset, final int count) {
        this.request = request;
        this.table = table;
        this.clock = clock;
        this.staleness = staleness;
        this.count = count;
        this.next = 0;
        if (rows.length < count) {
            rows = new int[Math.max(count, 2 * rows.length)];
        }
        for (int i = 0; i < count; i++) {
            rows[i] = buffer.getInt(offset + Integer.BYTES * i);
        }
        return this;
    }

    long request() {
        return request;
    }

    ShardTable table() {
        return table;
    }

    long clock() {
        return clock;
    }

    int staleness() {
        return staleness;
    }

    int remaining() {
        return count - next;
    }

    int row(final int i) {
        return rows[next + i];
    }

    void answered(final int rowCount) {
        next += rowCount;
    }
}
