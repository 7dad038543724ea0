package io.rubato.shard;

import io.rubato.Consistency;
import io.rubato.clock.Gate;
import io.rubato.clock.Sample;
import io.rubato.clock.Sampler;
import io.rubato.clock.VectorClock;
import org.agrona.DirectBuffer;

/** A read request that waits for its gate or for its answer to be sent; reused. */
final class ParkedRead {
    private final ClientPeer client;
    private final Sample sample = new Sample();
    private long request;
    private ShardTable table;
    private long clock;
    private long wanted;
    private int staleness;
    private boolean isSampled;
    private int[] rows = new int[16];
    private int count;
    private int next;
    /** The next in the list of those that wait for the same worker. */
    ParkedRead successor;

    ParkedRead(final ClientPeer client) {
        this.client = client;
    }

    ParkedRead set(final long id, final ShardTable ofTable, final long readerClock, final int bound,
            final DirectBuffer buffer, final int offset, final int rowCount) {
        request = id;
        table = ofTable;
        clock = readerClock;
        staleness = bound;
        wanted = Gate.freshness(table.spec().consistency(), bound, readerClock);
        isSampled = false;
        count = rowCount;
        next = 0;
        if (rows.length < rowCount) {
            rows = new int[Math.max(rowCount, 2 * rows.length)];
        }
        for (int i = 0; i < rowCount; i++) {
            rows[i] = buffer.getInt(offset + Integer.BYTES * i);
        }
        return this;
    }

    /** Draws the workers that the gate looks at, where it looks at a sample. */
    void drawSample(final Sampler sampler, final long seed, final int reader) {
        final Consistency consistency = table.spec().consistency();
        isSampled = staleness == Gate.TABLE_BOUND && consistency.isSampled();
        if (isSampled) {
            sampler.draw(seed, reader, clock, consistency.sample(), sample);
        }
    }

    /** Whom the gate waits for, or {@link Gate#NOBODY}. */
    int laggard(final VectorClock clocks) {
        return staleness == Gate.ASKED_PEERS ? Gate.NOBODY
                : Gate.laggard(clocks, isSampled ? sample : null, wanted);
    }

    boolean isSampled() {
        return isSampled;
    }

    /** What an image taken now vouches for: more than the minimum clock if a sample let the read through. */
    long granted(final long minimumClock) {
        return isSampled || staleness == Gate.ASKED_PEERS ? Math.max(minimumClock, wanted) : minimumClock;
    }

    ClientPeer client() {
        return client;
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
