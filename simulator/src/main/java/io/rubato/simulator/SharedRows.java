package io.rubato.simulator;

import io.rubato.port.RowView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * A shard's rows as a client on its machine sees them. The reading worker may lose its processor between any two steps
 * of a one-sided read, and in the middle of a row; what shards and agents do meanwhile they do in the middle of the
 * read.
 */
final class SharedRows implements RowView {
    private static final double PREEMPTED = 0.15;
    private static final long LONGEST_NS = 5_000_000;

    private final MemoryStore store;
    private final Node reader;
    private final int client;
    private final SplittableRandom random;
    private final Arena memory;

    /** The reader is the client's node. */
    SharedRows(final MemoryStore store, final Node reader, final int client, final SplittableRandom random,
            final Arena memory) {
        this.store = store;
        this.reader = reader;
        this.client = client;
        this.random = random;
        this.memory = memory;
    }

    @Override
    public long minimumClock() {
        final long clock = store.minimumClock();
        step();
        return clock;
    }

    @Override
    public long appliedSequence() {
        final long sequence = store.appliedSequence(client);
        step();
        return sequence;
    }

    @Override
    public boolean tryRead(final int row, final MemorySegment target, final long offset) {
        final long before = store.writes(row);
        final int columns = store.spec().columns();
        store.read(row, 0, columns / 2, target, offset);
        step();
        store.read(row, columns / 2, columns, target, offset);
        final boolean isWhole = store.writes(row) == before;
        step();
        return isWhole;
    }

    @Override
    public long applyingSequence() {
        final long sequence = store.applyingSequence(client);
        step();
        return sequence;
    }

    /** As much as is wanted, or a part, or nothing: what is left travels in messages. */
    @Override
    public MemorySegment createLog(final int worker, final long bytes) {
        final long given = Math.min(bytes, random.nextLong(2 * bytes));
        if (given < bytes / 8) {
            return null;
        }
        final MemorySegment log = memory.allocate(given, 64);
        store.putLog(worker, log);
        return log;
    }

    private void step() {
        if (random.nextDouble() < PREEMPTED) {
            reader.running().compute(1 + random.nextLong(LONGEST_NS));
        }
    }
}
