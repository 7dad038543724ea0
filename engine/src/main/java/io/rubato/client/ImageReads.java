package io.rubato.client;

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
    private final boolean isPushed;
    /**
     * Under VAP whatever shards have pushed must be seen at once: only a covered image serves, and every read looks
     * here.
     */
    private final boolean isValueBounded;
    private final ImageClocks image = new ImageClocks();
    private int row;
    private long clock;
    private int held;
    /** The slot that an image was copied to. */
    private int filled;
    private long wantedClock;
    private boolean isOwnBound;
    private long wantedSequence;
    private long pushedClock;
    private boolean hasNoOlderValues;

    ImageReads(final WorkerTable table, final WorkerCache cache, final ProcessCache process,
            final ShardProgress progress) {
        this.table = table;
        this.cache = cache;
        this.process = process;
        this.progress = progress;
        this.isPushed = table.spec().consistency().isPushed();
        this.isValueBounded = table.spec().consistency().isValueBounded();
    }

    /** A hint that rows are looked up soon; for its result see {@link io.rubato.kernel.Memory#prefetch}. */
    long prefetch(final long[] ids, final int from, final int to) {
        return process.prefetch(ids, from, to);
    }

    /** The slot that serves; negative if none does. */
    int look(final int wantedRow, final long now, final long wanted, final boolean ownBound) {
        row = wantedRow;
        clock = now;
        held = cache.slot(row);
        filled = NONE;
        wantedClock = wanted;
        isOwnBound = ownBound;
        wantedSequence = table.deltas().requiredSequence(row);
        // Before the image: what was pushed up to this clock is then in it.
        pushedClock = isPushed ? progress.pushedClock(table.deltas().shardOf(row)) : 0;
        final ProcessCache.Copy copy = process.copy(row, image, this);
        if (copy == ProcessCache.Copy.COPIED) {
            table.deltas().addTo(cache.address(filled), row, image.applied, image.applied);
            cache.filled(filled, image, isValueBounded ? NONE : clock);
            return filled;
        }
        if (filled != NONE) {
            cache.spoilt(filled);
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
    public long place(final ImageClocks found) {
        if (filled != NONE && held == filled) {
            // The first copy went over the values that were held.
            held = NONE;
        }
        found.raise(pushedClock);
        final boolean serves = found.serve(wantedClock, isOwnBound, wantedSequence, isValueBounded);
        // Values that are newer hold all that the found ones vouch for.
        hasNoOlderValues = serves && held >= 0 && cache.version(held) >= found.version;
        if (!serves || held >= 0 && cache.version(held) >= found.version) {
            return REFUSED;
        }
        if (filled == NONE) {
            filled = table.slotFor(row, clock);
        }
        return cache.address(filled);
    }
}
