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
    private final boolean isClocked;
    /** Local ids of rows to be fetched, by shard. */
    private final int[][] announced;
    private final int[] counts;
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
        this.announced = new int[this.views.length][WorkerTable.ROWS_AHEAD];
        this.counts = new int[this.views.length];
        this.isClocked = table.spec().consistency().isClocked();
    }

    /** Whether a shard's rows are read in this way. */
    boolean covers(final int shard) {
        return views[shard] != null;
    }

    /**
     * A hint that a row is looked at soon, like at most {@link WorkerTable#ROWS_AHEAD} in all until {@link #prefetch}.
     *
     * @return the slot whose copy will do; negative if there is none
     */
    int announce(final int row, final long wanted) {
        final int shard = table.deltas().shardOf(row);
        if (!covers(shard)) {
            return NONE;
        }
        final long minimumClock = views[shard].minimumClock();
        if (!Gate.isOpen(minimumClock, wanted)) {
            return NONE;
        }
        final int held = cache.slot(row);
        if (isHeld(held, minimumClock)) {
            return held;
        }
        announced[shard][counts[shard]++] = table.deltas().localRow(row);
        return NONE;
    }

    /** Has what was announced fetched; for the result see {@link Memory#prefetch}. */
    long prefetch() {
        long sum = 0;
        for (int shard = 0; shard < views.length; shard++) {
            if (counts[shard] > 0) {
                sum += views[shard].prefetch(announced[shard], counts[shard]);
                counts[shard] = 0;
            }
        }
        return sum;
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
        final long applied = copy(view, row, cache.address(slot));
        if (applied < 0) {
            cache.spoilt(slot);
            return NONE;
        }
        cache.filled(slot, image.set(minimumClock, minimumClock, applied, 0, false), clock);
        return slot;
    }

    /**
     * Copies a row, and adds the worker's own deltas that it does not hold.
     *
     * @return the applied sequence that it was read under; negative if the shard is in the way for long
     */
    private long copy(final RowView view, final int row, final long target) {
        final int localRow = table.deltas().localRow(row);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            final long applied = view.appliedSequence();
            if (view.tryRead(localRow, Memory.ALL, target)
                    && table.deltas().addTo(target, row, applied, view.applyingSequence())) {
                count++;
                return applied;
            }
            Thread.onSpinWait();
        }
        return NONE;
    }

    /**
     * Reads a row of which the worker has no copy to a place of the caller's.
     *
     * @return its minimum clock; negative if the gate is closed, or the shard is in the way for long: what lies there
     *         is then worthless
     */
    long readTo(final long target, final int row, final long clock, final long wanted) {
        final RowView view = views[table.deltas().shardOf(row)];
        final long minimumClock = view.minimumClock();
        if (!Gate.isOpen(minimumClock, wanted) || copy(view, row, target) < 0) {
            return NONE;
        }
        maxClockGap = Math.max(maxClockGap, clock - minimumClock);
        return minimumClock;
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
