package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.clock.Gate;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Objects;

/**
 * One worker's side of one table: its cache and its own deltas. Holds read-my-writes: what a read returns is the image
 * plus every own delta that the image does not hold, whether it is still being written, under way, or acknowledged but
 * newer than the image. On a table that travels as bf16 it also adds what rounding has left out of own deltas: that has
 * not been sent yet.
 *
 * <p>Whole rows of deltas are told by address. Used by the worker's thread.
 */
final class WorkerTable {
    /** So many rows are looked up together. */
    static final int ROWS_AHEAD = 32;
    private static final long NONE = -1;

    private final Table table;
    private final TableSpec spec;
    private final int rows;
    private final WorkerCache cache;
    private final TableDeltas deltas;
    private final Row flyweight;
    // What a cached read looks at, without the objects around it.
    private final ServedRows served;
    private final long[] shortLags;
    private final long cacheStride;
    private final ElementType type;
    private final StalenessRecorder recorder;
    /** Chooses s where the table leaves a range; otherwise null. */
    private final StalenessChooser chooser;
    /**
     * Under VAP whatever shards have pushed must be seen at once: only a covered image in the process cache serves, and
     * every read looks there.
     */
    private final boolean isValueBounded;
    /** Whether a copy that is too old for the table's own bound in one clock is so in all later ones. */
    private final boolean dropsOldCopies;
    private final int columns;
    private final int rowBytes;
    /** Rows of a run whose values are fetched together. */
    private final int valuesAhead;
    private final int[] slotsAhead = new int[ROWS_AHEAD];
    /** One bit for each row that was asked for in the clock. */
    private final long[] asked;
    private long askedClock = NONE;
    private long freshnessClock = NONE;
    private long freshness;
    private long waitNanos;
    /** Never read: see {@link Memory#prefetch}. */
    private long prefetched;
    /** Slots of the cache that are open for writing. */
    private int edits;
    /** Null if no row is asked for by message. */
    private final ImageReads images;
    /** Null if every row is asked for by message. */
    private final OneSidedReads oneSided;

    /** The worker is an index in the job. The process cache is null if no row is asked for by message. */
    WorkerTable(final Table table, final int worker, final ProcessCache process, final TableViews views,
            final ShardProgress progress,
            final int shards, final long cacheBytes, final long logBytes, final Arena arena) {
        this.table = table;
        this.spec = table.spec();
        this.type = spec.type();
        this.columns = spec.columns();
        this.rowBytes = spec.rowBytes();
        this.valuesAhead = Math.min(ROWS_AHEAD, Memory.rowsAhead(rowBytes));
        this.recorder = new StalenessRecorder();
        this.chooser = spec.consistency().model() == Consistency.Model.DSSP ? new StalenessChooser(spec.consistency())
                : null;
        this.isValueBounded = spec.consistency().isValueBounded();
        this.dropsOldCopies = spec.consistency().isClocked() && !spec.consistency().isSampled()
                && !spec.consistency().isPushed();
        this.rows = (int) spec.rows();
        this.served = new ServedRows(rows);
        this.shortLags = recorder.shortLags();
        this.cacheStride = WorkerCache.stride(spec);
        this.cache =
                new WorkerCache(spec, Math.clamp(cacheBytes / WorkerCache.stride(spec), 1, 1 << 30), served, arena);
        this.deltas = new TableDeltas(spec, progress, shards, logBytes, arena, shard -> views.sharing(shard, worker));
        this.flyweight = new Row(spec).wrap(cache.values(), 0, 0, 0);
        this.asked = new long[(rows + Long.SIZE - 1) / Long.SIZE];
        this.images = process == null ? null : new ImageReads(this, cache, process, progress);
        this.oneSided = views.isAnyRowCovered() ? new OneSidedReads(this, cache, views) : null;
    }

    Table table() {
        return table;
    }

    TableSpec spec() {
        return spec;
    }

    int rowBytes() {
        return rowBytes;
    }

    /** This worker's own. */
    TableDeltas deltas() {
        return deltas;
    }

    /** Checks a row id from outside. */
    int row(final long row) {
        final int id = (int) row;
        if (id != row || !served.knows(id)) {
            throw new IndexOutOfBoundsException("row " + row + " of table " + spec.name() + " with " + rows);
        }
        return id;
    }

    /** Checks row ids from outside. */
    void checkRows(final long[] ids, final int count) {
        Objects.checkFromIndexSize(0, count, ids.length);
        for (int i = 0; i < count; i++) {
            row(ids[i]);
        }
    }

    /**
     * At every {@link #ROWS_AHEAD}th row of a run that is refreshed, whose ids were checked: has what is known of the
     * copies of the next ones fetched.
     */
    void prefetchCopyLooks(final long[] ids, final int next, final int count) {
        if (next % ROWS_AHEAD == 0) {
            prefetched = cache.prefetch(ids, next, Math.min(count, next + ROWS_AHEAD));
        }
    }

    /**
     * In a run that is read under the table's own model, whose ids were checked: has fetched what the next reads need.
     * Every {@link #ROWS_AHEAD}th time that is what is known of rows which no copy is known to serve; as often as the
     * processor's first-level cache asks for, the values that lie ready.
     */
    void prefetch(final long[] ids, final int next, final int count, final long clock) {
        if (next % ROWS_AHEAD == 0) {
            prefetchLooks(ids, next, Math.min(count, next + ROWS_AHEAD));
        }
        if (valuesAhead > 1 && next % valuesAhead == 0) {
            prefetchValues(ids, next, Math.min(count, next + valuesAhead), freshness(clock));
        }
    }

    private void prefetchLooks(final long[] ids, final int from, final int end) {
        int longest = 0;
        for (int i = from; i < end; i++) {
            longest = Math.max(longest, served.lag((int) ids[i]));
        }
        if (longest <= ServedRows.LONGEST_LAG) {
            return;
        }
        long sum = 0;
        for (int i = from; i < end; i++) {
            sum += deltas.prefetch((int) ids[i]);
        }
        if (images != null) {
            sum += images.prefetch(ids, from, end);
        }
        prefetched = sum + cache.prefetch(ids, from, end);
    }

    /** Of copies that serve, and of rows that come from the memory of their shards; images lie in order as it is. */
    private void prefetchValues(final long[] ids, final int from, final int end, final long wanted) {
        int copies = 0;
        for (int i = from; i < end; i++) {
            final int row = (int) ids[i];
            if (isServed(row)) {
                slotsAhead[copies++] = cache.slotOfHeld(row);
            } else if (oneSided != null) {
                final int slot = oneSided.announce(row, wanted);
                if (slot >= 0) {
                    slotsAhead[copies++] = slot;
                }
            }
        }
        prefetched = cache.prefetchValues(slotsAhead, copies) + (oneSided == null ? 0 : oneSided.prefetch());
    }

    /** The bound of a read that names none: that of the table, or what was chosen within its range. */
    int ownBound() {
        return chooser == null ? Gate.TABLE_BOUND : chooser.staleness();
    }

    /** The freshness that a read under the table's own model needs at a clock; computed once per clock. */
    long freshness(final long clock) {
        if (clock != freshnessClock) {
            freshness = Gate.freshness(spec.consistency(), ownBound(), clock);
            freshnessClock = clock;
        }
        return freshness;
    }

    StalenessRecorder recorder() {
        return recorder;
    }

    /** The worker was blocked in a read of this table. */
    void waited(final long nanos) {
        waitNanos += nanos;
    }

    void clockEnded(final long clockNanos) {
        served.clockEnded();
        if (chooser != null) {
            chooser.clockEnded(clockNanos, waitNanos);
        }
        waitNanos = 0;
    }

    /**
     * Reads a row if a read under the table's own model was served from its cached copy in this clock already;
     * otherwise null.
     */
    Row cached(final int row, final long clock) {
        final int lag = served.lag(row);
        final long[] counts = shortLags;
        if (lag < counts.length) {
            counts[lag]++;
            return flyweight.moveTo(cache.slotOfHeld(row) * cacheStride, row, clock - lag);
        }
        return lag == ServedRows.LONGEST_LAG ? cachedLongAgo(row, clock) : null;
    }

    private Row cachedLongAgo(final int row, final long clock) {
        final Row found = wrap(cache.slotOfHeld(row), row);
        recorder.record(clock - found.minimumClock());
        return found;
    }

    /** Whether {@link #cached} serves a row. */
    boolean isServed(final int row) {
        return served.lag(row) <= ServedRows.LONGEST_LAG;
    }

    /** A read under the table's own model was served: until the clock ends, {@link #cached} may serve the next ones. */
    void served(final int row, final long clock) {
        if (!isValueBounded) {
            cache.served(cache.slot(row), clock);
        }
    }

    /** The row if its cached copy was looked at in this clock and is fresh for a read with a bound of its own. */
    Row cachedOwnBound(final int row, final long clock, final long freshnessWanted) {
        final int slot = cache.slot(row);
        return slot >= 0 && cache.checkedAt(slot) == clock && cache.minimumClock(slot) >= freshnessWanted
                ? wrap(slot, row) : null;
    }

    /**
     * The row from the shard's memory or the process cache or, if that holds none that is newer, from the worker's own;
     * null if neither serves.
     *
     * @param isOwnBound whether the read has a bound of its own
     */
    Row lookAgain(final int row, final long clock, final long freshnessWanted, final boolean isOwnBound) {
        final int slot = isOneSided(row) ? oneSided.look(row, clock, freshnessWanted)
                : images.look(row, clock, freshnessWanted, isOwnBound);
        return slot < 0 ? null : wrap(slot, row);
    }

    /**
     * Reads a row from the memory of its shard straight to a place of the caller's, if the worker has no copy of it and
     * none is likely to be needed: it is the first such read of the row in this clock.
     *
     * @return its minimum clock; negative if it is to be read as others are
     */
    long readTo(final long target, final int row, final long clock, final long freshnessWanted) {
        return isOneSided(row) && cache.slot(row) < 0 && asksFirst(row, clock)
                ? oneSided.readTo(target, row, clock, freshnessWanted) : NONE;
    }

    /** Whether a row is read from its shard's memory, and never asked for. */
    boolean isOneSided(final int row) {
        return oneSided != null && oneSided.covers(deltas.shardOf(row));
    }

    /** Of this table; null if there are none. */
    OneSidedReads oneSidedReads() {
        return oneSided;
    }

    /** As {@link #cached}, if the row is open for writing too. */
    Row edited(final int row, final long clock) {
        return isServed(row) && cache.isEdited(cache.slotOfHeld(row))
                ? cached(row, clock) : null;
    }

    /**
     * Opens a cached row for writing; if it needs a new record, its log must not be full. From now on the record holds
     * what the row would be without this worker's deltas of the record, until {@link #complete}.
     */
    void edit(final int row) {
        final int slot = cache.slot(row);
        if (cache.isEdited(slot)) {
            return;
        }
        final long opened = deltas.openRow(row);
        if (opened != TableDeltas.NO_RECORD) {
            takeFromCopy(opened, slot);
        } else {
            AddressKernels.BEST.copy(deltas.newRow(row), cache.address(slot), rowBytes);
        }
        cache.edited(slot, true);
        edits++;
    }

    /**
     * Gives a shard's open records the values with which they travel; before they are sealed. A worker's
     * read-my-writes, the shard and a resend then all have the same values.
     */
    void complete(final int shard) {
        fold(shard);
        if (deltas.isRounded()) {
            deltas.round(shard);
        }
    }

    /** Makes deltas of what was written to a shard's rows. */
    private void fold(final int shard) {
        final DeltaLog log = deltas.log(shard);
        for (long n = log.sealed(); edits > 0 && n < log.next(); n++) {
            final int slot = cache.slot(deltas.row(shard, n));
            if (slot >= 0) {
                foldSlot(slot);
            }
        }
    }

    /** The slot that a new copy of a row goes to; what was written to the row that is there now is a delta by then. */
    int slotFor(final int row, final long clock) {
        final int slot = cache.choose(row, clock);
        foldSlot(slot);
        if (slot != cache.slot(row)) {
            cache.give(slot, row);
        }
        return slot;
    }

    /** Makes a delta of what was written to the row in a slot; before other values come there. */
    private void foldSlot(final int slot) {
        if (cache.isEdited(slot)) {
            takeFromCopy(deltas.newestRow(cache.row(slot)), slot);
            cache.edited(slot, false);
            edits--;
        }
    }

    /** Turns a record's deltas into the row without them, and the other way round. */
    private void takeFromCopy(final long record, final int slot) {
        AddressKernels.BEST.subtractFrom(type, record, cache.address(slot), columns);
    }

    private Row wrap(final int slot, final int row) {
        return flyweight.moveTo(cache.offset(slot), row, cache.minimumClock(slot));
    }

    /** m of the worker's own copy; -1 if it has none. */
    long cachedMinimumClock(final int row) {
        final int slot = cache.slot(row);
        return slot < 0 ? NONE : cache.minimumClock(slot);
    }

    /** Whether a read at this freshness could be answered from the worker's own copy. */
    boolean isFresh(final int row, final long freshnessWanted, final boolean isOwnBound) {
        final int slot = cache.slot(row);
        return slot >= 0 && !isValueBounded
                && (isOwnBound ? cache.minimumClock(slot) : cache.grantedClock(slot)) >= freshnessWanted;
    }

    /** Whether a row is asked for the first time in a clock; it is from now on. */
    boolean asksFirst(final int row, final long clock) {
        if (clock != askedClock) {
            Arrays.fill(asked, 0);
            askedClock = clock;
        }
        final long before = asked[row >> 6];
        asked[row >> 6] = before | 1L << row;
        return asked[row >> 6] != before;
    }

    /** How many rows the worker's cache holds. */
    int cachedRows() {
        return cache.size();
    }

    /** See {@link DeltaLog#isWorthHandingOver}; rows that are open for writing still change. */
    boolean isWorthHandingOver(final int shard) {
        return edits == 0 && deltas.log(shard).isWorthHandingOver();
    }

    /** Adds a whole row to its open record; false, and nothing done, if the row needs a new one. */
    boolean incOpen(final int row, final long delta) {
        final long record = deltas.openRow(row);
        if (record == TableDeltas.NO_RECORD) {
            return false;
        }
        final int slot = cache.slot(row);
        if (slot >= 0 && cache.isEdited(slot)) {
            AddressKernels.BEST.add(type, cache.address(slot), delta, columns);
        } else if (slot >= 0) {
            AddressKernels.BEST.addToBoth(type, record, cache.address(slot), delta, columns);
        } else {
            AddressKernels.BEST.add(type, record, delta, columns);
        }
        return true;
    }

    /** Adds a whole row as a new record; its log must not be full. */
    void incNew(final int row, final long delta, final long clock) {
        AddressKernels.BEST.copy(deltas.newRow(row), delta, rowBytes);
        final int slot = cache.slot(row);
        if (slot >= 0) {
            if (dropsOldCopies && cache.minimumClock(slot) < freshness(clock) && cache.checkedAt(slot) != clock) {
                // No read of this clock has it, and none takes it under the table's own bound, nor does a later
                // clock's: DSSP raises s by 1 in a clock at most.
                cache.drop(slot);
            } else {
                AddressKernels.BEST.add(type, cache.address(slot), delta, columns);
            }
        }
    }

    /** Adds to one element; if the row needs a new record, its log must not be full. */
    void inc(final int row, final int column, final double delta) {
        final int slot = cache.slot(row);
        if (slot < 0 || !cache.isEdited(slot)) {
            Elements.add(type, deltas.openElements(row), column, delta);
        }
        if (slot >= 0) {
            Elements.add(type, cache.address(slot), column, delta);
        }
    }

    /** Adds to one element; if the row needs a new record, its log must not be full. */
    void inc(final int row, final int column, final long delta) {
        final int slot = cache.slot(row);
        if (slot < 0 || !cache.isEdited(slot)) {
            Elements.add(type, deltas.openElements(row), column, delta);
        }
        if (slot >= 0) {
            Elements.add(type, cache.address(slot), column, delta);
        }
    }

    /** The caller has written the list of a new record. */
    void incList(final int row, final long list, final int count) {
        final int slot = cache.slot(row);
        if (slot >= 0) {
            ColumnLists.addTo(spec, cache.address(slot), list, count);
        }
    }

    /** Whether nothing ever makes a read wait, so that it should ask for the next one's image. */
    boolean asksAhead(final int row) {
        return !spec.consistency().isClocked() && !isValueBounded && !isOneSided(row);
    }

    boolean isValueBounded() {
        return isValueBounded;
    }
}
