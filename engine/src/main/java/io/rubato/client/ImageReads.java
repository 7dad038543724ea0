package io.rubato.client;

import io.rubato.Consistency;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One worker's reads of one table's images that came by message: takes the newest that serves from the process cache to
 * the worker's own, with the own deltas that it does not hold. Used by the worker's thread.
 */
final class ImageReads implements ProcessCache.Target {
    private static final int NONE = -1;

    private final WorkerTable table;
    private final WorkerCache cache;
    private final ProcessCache process;
    private final ShardProgress progress;
    private final MemorySegment scratch;
    private final boolean isPushed;
    /**
     * Under VAP whatever shards have pushed must be seen at once: only a covered image serves, and every read looks
     * here.
     */
    private final boolean isValueBounded;
    private final ImageClocks image = new ImageClocks();
    private int held;
    private long wantedClock;
    private boolean isOwnBound;
    private long wantedSequence;
    private long pushedClock;
    private boolean hasNoOlderValues;

    ImageReads(final WorkerTable table, final WorkerCache cache, final ProcessCache process,
            final ShardProgress progress, final Arena arena) {
        this.table = table;
        this.cache = cache;
        this.process = process;
        this.progress = progress;
        this.scratch = arena.allocate(table.rowBytes(), 64);
        this.isPushed = table.spec().consistency().isPushed();
        this.isValueBounded = table.spec().consistency().model() == Consistency.Model.VAP;
    }

    /** The slot that serves; negative if none does. */
    int look(final int row, final long clock, final long wanted, final boolean ownBound) {
        held = cache.slot(row);
        wantedClock = wanted;
        isOwnBound = ownBound;
        wantedSequence = table.requiredSequence(row);
        // Before the image: what was pushed up to this clock is then in it.
        pushedClock = isPushed ? progress.pushedClock(table.shardOf(row)) : 0;
        final ProcessCache.Copy copy = process.copy(row, image, this, scratch, 0);
        if (copy == ProcessCache.Copy.COPIED) {
            return install(row, clock);
        }
        if (copy == ProcessCache.Copy.REFUSED && hasNoOlderValues) {
            cache.renewed(held, image, isValueBounded ? NONE : clock);
            return held;
        }
        if (table.isFresh(row, wanted, ownBound)) {
            cache.checked(held, clock);
            return held;
        }
        return NONE;
    }

    @Override
    public boolean accepts(final ImageClocks found) {
        found.raise(pushedClock);
        final long vouched = isOwnBound ? found.minimum : found.granted;
        final boolean serves = vouched >= wantedClock && found.applied >= wantedSequence
                && (found.isCovered || !isValueBounded);
        // Values that are newer hold all that the found ones vouch for.
        hasNoOlderValues = serves && held >= 0 && cache.version(held) >= found.version;
        return serves && (held < 0 || cache.version(held) < found.version);
    }

    private int install(final int row, final long clock) {
        final int slot = table.slotFor(row, clock);
        MemorySegment.copy(scratch, 0, cache.values(), cache.offset(slot), table.rowBytes());
        table.addOwn(row, slot, image.applied, image.applied);
        cache.filled(slot, image, isValueBounded ? NONE : clock);
        return slot;
    }
}
