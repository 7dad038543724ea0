package io.rubato.client;

import io.rubato.clock.Gate;
import io.rubato.kernel.Memory;
import io.rubato.port.RowView;

/**
 * One worker's one-sided reads of one table: the shared-memory twin of an RDMA READ. Gate, image and read-my-writes are
 * those of a read by message; what the shard would have said about the image is read from its memory instead, in the
 * order that {@link RowView} asks for. Used by the worker's thread.
 */
final class OneSidedReads {
    private static final int NONE = -1;
    /** Some tens of microseconds: the shard needs less for a row or a message, unless it has lost its processor. */
    private static final int MOST_TRIES = 256;

    private final WorkerTable table;
    private final WorkerCache cache;
    private final RowView[] views;
    private final int client;
    private final boolean isClocked;
    private final int[] ahead = new int[WorkerTable.ROWS_AHEAD];
    private final ImageClocks image = new ImageClocks();
    private long count;
    private long maxClockGap;

    OneSidedReads(final WorkerTable table, final WorkerCache cache, final TableViews views) {
        this.table = table;
        this.cache = cache;
        this.views = new RowView[table.deltas().shards()];
        for (int shard = 0; shard < this.views.length; shard++) {
            this.views[shard] = views.of(shard);
        }
        this.client = views.client();
        this.isClocked = table.spec().consistency().isClocked();
    }

    /** Whether a shard's rows are read in this way. */
    boolean covers(final int shard) {
        return views[shard] != null;
    }

    /**
     * A hint that rows are looked at soon, at most {@link WorkerTable#ROWS_AHEAD}; for its result see
     * {@link Memory#prefetch}.
     */
    long prefetch(final long[] ids, final int from, final int to) {
        long sum = 0;
        for (int shard = 0; shard < views.length; shard++) {
            if (covers(shard)) {
                sum += prefetch(shard, ids, from, to);
            }
        }
        return sum;
    }

    private long prefetch(final int shard, final long[] ids, final int from, final int to) {
        final RowView view = views[shard];
        final long minimumClock = view.minimumClock();
        int count = 0;
        for (int i = from; i < to; i++) {
            final int row = (int) ids[i];
            if (table.deltas().shardOf(row) == shard && !isHeld(cache.slot(row), minimumClock)) {
                ahead[count++] = row / views.length;
            }
        }
        return view.prefetch(ahead, count);
    }

    /**
     * Reads a row, unless the cached copy is as new as a new one would have to be.
     *
     * @return the slot that serves; negative if the gate is closed, or the shard is in the way for long
     */
    int look(final int row, final long clock, final long wanted) {
        final RowView view = views[table.deltas().shardOf(row)];
        final long minimumClock = view.minimumClock();
        if (!Gate.isOpen(minimumClock, wanted)) {
            return NONE;
        }
        maxClockGap = Math.max(maxClockGap, clock - minimumClock);
        final int held = cache.slot(row);
        if (isHeld(held, minimumClock)) {
            cache.checked(held, clock);
            return held;
        }
        return read(view, row, clock, minimumClock);
    }

    /** Whether a new copy would be no newer. */
    private boolean isHeld(final int slot, final long minimumClock) {
        return slot >= 0 && isClocked && cache.minimumClock(slot) == minimumClock;
    }

    private int read(final RowView view, final int row, final long clock, final long minimumClock) {
        final int slot = table.slotFor(row, clock);
        final int localRow = row / views.length;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            final long applied = view.appliedSequence(client);
            if (view.tryRead(localRow, Memory.ALL, cache.address(slot))
                    && table.deltas().addTo(cache.address(slot), row, applied, view.applyingSequence(client))) {
                cache.filled(slot, image.set(minimumClock, minimumClock, applied, 0, false), clock);
                count++;
                return slot;
            }
            Thread.onSpinWait();
        }
        cache.spoilt(slot);
        return NONE;
    }

    /** How many rows were copied. */
    long count() {
        return count;
    }

    /** The largest lead over the slowest worker with which a read went on. */
    long maxClockGap() {
        return maxClockGap;
    }
}
