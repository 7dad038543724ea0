package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.clock.Gate;
import io.rubato.kernel.Memory;
import io.rubato.kernel.RowKernels;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * One worker's side of one table: its cache, and one delta log per shard. Holds read-my-writes: what a read returns is
 * the image plus every own delta that the image does not hold, whether it is still being written, under way, or
 * acknowledged but newer than the image. On a table that travels as bf16 it also adds what rounding has left out of own
 * deltas: that has not been sent yet.
 *
 * <p>Used by the worker's thread; the agent reads sealed records through {@link #log}.
 */
final class WorkerTable {
    private static final long NONE = -1;

    private final Table table;
    private final TableSpec spec;
    private final int rows;
    private final WorkerCache cache;
    private final DeltaLog[] logs;
    private final Row flyweight;
    private final NewestRecords newest;
    // What a cached read looks at, without the objects around it.
    private final ServedRows served;
    private final long[] lagCounts;
    private final long cacheStride;
    /**
     * Per row, the lower half of the sequence number of its newest freed record: an image that does not hold it would
     * hide an own delta.
     */
    private final int[] freed;
    private final ElementType type;
    private final ShardProgress progress;
    private final StalenessRecorder recorder;
    /** Chooses s where the table leaves a range; otherwise null. */
    private final StalenessChooser chooser;
    /**
     * Under VAP whatever shards have pushed must be seen at once: only a covered image in the process cache serves, and
     * every read looks there.
     */
    private final boolean isValueBounded;
    private final boolean isPushed;
    /** Whether a copy that is too old for the table's own bound in one clock is so in all later ones. */
    private final boolean dropsOldCopies;
    /** Null if deltas travel exactly. */
    private final Residuals residuals;
    /** Never read: see {@link Memory#prefetch}. */
    private long prefetched;
    private final int columns;
    private final int rowBytes;
    /** One bit for each row that was asked for in the clock. */
    private final long[] asked;
    private long askedClock = NONE;
    private long freshnessClock = NONE;
    private long freshness;
    /** Whether any record was begun by a delta to single elements, and may need to be marked dense later. */
    private boolean hasSparse;
    private long waitNanos;
    /** Slots of the cache that are open for writing. */
    private int edits;
    /** Null if no row is asked for by message. */
    private final ImageReads images;
    /** Null if every row is asked for by message. */
    private final OneSidedReads oneSided;

    /** The process cache is null if no row is asked for by message. */
    WorkerTable(final Table table, final ProcessCache process, final TableViews views, final ShardProgress progress,
            final int shards, final long cacheBytes, final long logBytes, final Arena arena) {
        this.table = table;
        this.spec = table.spec();
        this.type = spec.type();
        this.columns = spec.columns();
        this.rowBytes = spec.rowBytes();
        this.progress = progress;
        this.recorder = new StalenessRecorder();
        this.chooser = spec.consistency().model() == Consistency.Model.DSSP ? new StalenessChooser(spec.consistency())
                : null;
        this.isValueBounded = spec.consistency().model() == Consistency.Model.VAP;
        this.isPushed = spec.consistency().isPushed();
        this.dropsOldCopies = spec.consistency().isClocked() && !spec.consistency().isSampled() && !isPushed;
        this.residuals = spec.encoding() == Encoding.BF16 ? new Residuals(spec, arena) : null;
        this.rows = (int) spec.rows();
        this.newest = new NewestRecords(spec);
        this.served = new ServedRows(rows);
        this.lagCounts = recorder.counts();
        this.cacheStride = WorkerCache.stride(spec);
        this.cache = new WorkerCache(spec, slots(cacheBytes / WorkerCache.stride(spec)), served, arena);
        this.logs = new DeltaLog[shards];
        final long ofShard = Math.min(4L * ((rows + shards - 1) / shards), logBytes / shards / DeltaLog.stride(spec));
        final int capacity = Integer.highestOneBit(Math.max(4, slots(ofShard)));
        Arrays.setAll(logs, shard -> new DeltaLog(spec, capacity, arena));
        this.flyweight = new Row(spec).wrap(cache.values(), 0, 0, 0);
        this.freed = new int[rows];
        this.asked = new long[(rows + Long.SIZE - 1) / Long.SIZE];
        this.images = process == null ? null : new ImageReads(this, cache, process, progress);
        this.oneSided = views.isAnyRowCovered() ? new OneSidedReads(this, cache, views) : null;
    }

    private static int slots(final long wanted) {
        return (int) Math.max(1, Math.min(wanted, 1 << 30));
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

    DeltaLog log(final int shard) {
        return logs[shard];
    }

    int shards() {
        return logs.length;
    }

    int shardOf(final int row) {
        return logs.length == 1 ? 0 : row % logs.length;
    }

    /** Checks a row id from outside. */
    int row(final long row) {
        final int id = (int) row;
        if (id != row || id < 0 || id >= rows) {
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
        if (chooser != null) {
            chooser.clockEnded(clockNanos, waitNanos);
        }
        waitNanos = 0;
    }

    /**
     * Reads a row if a read under the table's own model was served from its cached copy in this clock already; otherwise
     * null.
     */
    Row cached(final int row, final long clock) {
        final int lag = served.lag(row, clock);
        return lag < 0 ? null : read(row, cache.slotOfHeld(row), lag, clock);
    }

    private Row read(final int row, final int slot, final int lag, final long clock) {
        lagCounts[lag]++;
        return flyweight.moveTo(slot * cacheStride, row,
                lag < ServedRows.LONGEST_LAG ? clock - lag : cache.minimumClock(slot));
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

    /** Whether a row is read from its shard's memory, and never asked for. */
    boolean isOneSided(final int row) {
        return oneSided != null && oneSided.covers(shardOf(row));
    }

    /** Of this table; null if there are none. */
    OneSidedReads oneSidedReads() {
        return oneSided;
    }

    /** As {@link #cached}, if the row is open for writing too. */
    Row edited(final int row, final long clock) {
        final int lag = served.lag(row, clock);
        if (lag < 0) {
            return null;
        }
        final int slot = cache.slotOfHeld(row);
        return cache.isEdited(slot) ? read(row, slot, lag, clock) : null;
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
        final DeltaLog log = logs[shardOf(row)];
        final long opened = newest.number(row, log);
        if (log.isOpen(opened)) {
            spread(log, opened);
            log.markDense(opened);
            takeFromCopy(log, opened, slot);
        } else {
            final long n = open(log, row, true);
            MemorySegment.copy(cache.values(), cache.offset(slot), log.values(), log.valueOffset(n), rowBytes);
        }
        cache.edited(slot, true);
        edits++;
    }

    /**
     * Gives a shard's open records the values with which they travel; before they are sealed. A worker's read-my-writes,
     * the shard and a resend then all have the same values.
     */
    void complete(final int shard) {
        fold(shard);
        if (isRounded()) {
            final DeltaLog log = logs[shard];
            for (long n = log.sealed(); n < log.next(); n++) {
                round(log, n, log.row(n) * logs.length + shard);
            }
        }
    }

    /** A record that is shorter sparse stays exact. */
    private void round(final DeltaLog log, final long n, final int row) {
        if (log.isList(n)) {
            return;
        }
        if (!log.isDense(n) && RowRecords.sparseLength(spec, SparseRows.count(log, spec, n)) >= RowRecords
                .denseLength(spec)) {
            log.markDense(n);
        }
        if (log.isDense(n) && !log.isExact(n)) {
            residuals.round(row, log.address(n));
        }
    }

    /** Whether deltas are rounded on their way. */
    boolean isRounded() {
        return residuals != null;
    }

    /** Whether rounding has left something out of the deltas to a row; that must go before the worker ends. */
    boolean hasResidual(final int row) {
        return !residuals.isZero(row);
    }

    /** Makes a new record of what rounding has left out; its log must not be full. */
    void incResidual(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = open(log, row, true);
        log.markExact(n);
        residuals.moveTo(row, log.address(n));
    }

    /** Makes deltas of what was written to a shard's rows. */
    private void fold(final int shard) {
        final DeltaLog log = logs[shard];
        for (long n = log.sealed(); edits > 0 && n < log.next(); n++) {
            final int slot = cache.slot(log.row(n) * logs.length + shard);
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
            final int row = cache.row(slot);
            final DeltaLog log = logs[shardOf(row)];
            takeFromCopy(log, newest.number(row, log), slot);
            cache.edited(slot, false);
            edits--;
        }
    }

    /** Turns a record's deltas into the row without them, and the other way round. */
    private void takeFromCopy(final DeltaLog log, final long n, final int slot) {
        RowKernels.BEST.subtractFrom(type, Memory.ALL, log.address(n), Memory.ALL, cache.address(slot), columns);
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

    /** An image must hold this sequence number, or it hides a delta of this worker. */
    long requiredSequence(final int row) {
        return logs[shardOf(row)].freedSequence(freed[row]);
    }

    /** See {@link DeltaLog#isWorthHandingOver}; rows that are open for writing still change. */
    boolean isWorthHandingOver(final int shard) {
        return edits == 0 && logs[shard].isWorthHandingOver();
    }

    /** Whether a new record must wait. On a pushed table records stay for longer than until they are acknowledged. */
    boolean hasNoRoom(final int shard) {
        return logs[shard].isFull() || !isPushed && logs[shard].isBackedUp();
    }

    boolean needsRecord(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        return !log.isOpen(newest.number(row, log));
    }

    /** A hint that deltas to some rows, whose ids were checked, come next. */
    void prefetch(final long[] ids, final int from, final int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += newest.prefetch((int) ids[i]);
        }
        prefetched = sum;
    }

    /** Adds a whole row to its open record; false, and nothing done, if the row needs a new one. */
    boolean incOpen(final int row, final MemorySegment delta, final long offset) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = newest.number(row, log);
        if (!log.isOpen(n)) {
            return false;
        }
        log.coalesced();
        if (hasSparse) {
            spread(log, n);
            log.markDense(n);
        }
        final int slot = cache.slot(row);
        if (slot >= 0 && cache.isEdited(slot)) {
            RowKernels.BEST.add(type, Memory.ALL, cache.address(slot), delta, offset, columns);
        } else if (slot >= 0) {
            RowKernels.BEST.addToBoth(type, Memory.ALL, log.address(n), Memory.ALL, cache.address(slot), delta, offset,
                    columns);
        } else {
            RowKernels.BEST.add(type, Memory.ALL, log.address(n), delta, offset, columns);
        }
        return true;
    }

    /** Adds a whole row as a new record; its log must not be full. */
    void incNew(final int row, final MemorySegment delta, final long offset, final long clock) {
        final DeltaLog log = logs[shardOf(row)];
        final long opened = open(log, row, true);
        MemorySegment.copy(delta, offset, log.values(), log.valueOffset(opened), spec.rowBytes());
        final int slot = cache.slot(row);
        if (slot >= 0) {
            if (dropsOldCopies && cache.minimumClock(slot) < freshness(clock) && cache.checkedAt(slot) != clock) {
                // No read of this clock has it, and none takes it under the table's own bound, nor does a later clock's:
                // DSSP raises s by 1 in a clock at most.
                cache.drop(slot);
            } else {
                RowKernels.BEST.add(type, Memory.ALL, cache.address(slot), delta, offset, columns);
            }
        }
    }

    /** Adds to one element; if the row needs a new record, its log must not be full. */
    void inc(final int row, final int column, final double delta) {
        final int slot = cache.slot(row);
        if (slot < 0 || !cache.isEdited(slot)) {
            Elements.add(type, logs[shardOf(row)].values(), elementOfLog(row), column, delta);
        }
        if (slot >= 0) {
            Elements.add(type, cache.values(), cache.offset(slot), column, delta);
        }
    }

    /** Adds to one element; if the row needs a new record, its log must not be full. */
    void inc(final int row, final int column, final long delta) {
        final int slot = cache.slot(row);
        if (slot < 0 || !cache.isEdited(slot)) {
            Elements.add(type, logs[shardOf(row)].values(), elementOfLog(row), column, delta);
        }
        if (slot >= 0) {
            Elements.add(type, cache.values(), cache.offset(slot), column, delta);
        }
    }

    private long elementOfLog(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = newest.number(row, log);
        if (log.isOpen(n)) {
            log.coalesced();
            spread(log, n);
            return log.valueOffset(n);
        }
        hasSparse = true;
        final long opened = open(log, row, false);
        log.clear(opened);
        return log.valueOffset(opened);
    }

    private static void spread(final DeltaLog log, final long n) {
        if (log.isList(n)) {
            log.spread(n);
        }
    }

    /**
     * Whether deltas to so many columns of a row should be a record of their own that lists them, instead of being added
     * one by one: {@link #incList}. Where deltas must be looked up by column they are not.
     */
    boolean takesList(final int row, final int count) {
        return !isValueBounded && count > 0 && ColumnLists.isWorthwhile(type, rowBytes, count) && needsRecord(row);
    }

    /** A new record for a list of columns, which the caller writes where it is told; its log must not be full. */
    long openList(final int row, final int count) {
        final DeltaLog log = logs[shardOf(row)];
        hasSparse = true;
        final long n = open(log, row, false);
        log.markList(n, count);
        return log.address(n);
    }

    /** The caller has written the list of a new record. */
    void incList(final int row, final long list, final int count) {
        final int slot = cache.slot(row);
        if (slot >= 0) {
            ColumnLists.addTo(spec, cache.address(slot), list, count);
        }
    }

    private long open(final DeltaLog log, final int row, final boolean dense) {
        final long before = newest.number(row, log);
        final int shards = logs.length;
        final long n = log.append(row / shards, dense, before);
        newest.set(row, n, log, shardOf(row), shards);
        return n;
    }

    /** Whether some reader may not see all of this worker's deltas to a row. */
    boolean hasUnseen(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = newest.number(row, log);
        return n >= log.tail() && isUnseen(log, n, progress.visible(shardOf(row)));
    }

    /** Sum of this worker's deltas to an element that some reader may not see. */
    double unseen(final int row, final int column) {
        final DeltaLog log = logs[shardOf(row)];
        final long visible = progress.visible(shardOf(row));
        double sum = 0;
        for (long n = newest.number(row, log); n >= log.tail() && isUnseen(log, n, visible); n = log.previous(n)) {
            sum += Elements.get(type, log.values(), log.valueOffset(n), column);
        }
        return sum;
    }

    private static boolean isUnseen(final DeltaLog log, final long n, final long visible) {
        final long sequence = log.sequence(n);
        return sequence == 0 || sequence > visible;
    }

    /** Whether nothing ever makes a read wait, so that it should ask for the next one's image. */
    boolean asksAhead(final int row) {
        return !spec.consistency().isClocked() && !isValueBounded && !isOneSided(row);
    }

    boolean isValueBounded() {
        return isValueBounded;
    }

    /**
     * Frees what is not needed any more: what the shard has acknowledged; on a pushed table only what pushed images
     * hold, so that they never have to be asked for; on a value-bounded one what all readers see.
     */
    void reclaim(final int shard) {
        reclaim(shard, isValueBounded ? progress.visible(shard)
                : isPushed ? progress.pushedSequence(shard) : progress.acknowledged(shard));
    }

    /** Frees all that the shard has acknowledged, except where unseen deltas must be known: room is short. */
    void reclaimAll(final int shard) {
        reclaim(shard, isValueBounded ? progress.visible(shard) : progress.acknowledged(shard));
    }

    private void reclaim(final int shard, final long upTo) {
        final DeltaLog log = logs[shard];
        while (log.tail() < log.sealed()) {
            final long n = log.tail();
            final long sequence = log.sequence(n);
            if (sequence == 0 || sequence > upTo) {
                return;
            }
            freed[log.row(n) * logs.length + shard] = (int) sequence;
            log.free();
        }
    }

    /**
     * Adds to the copy of a row in a slot the own deltas that it does not hold. It holds what the client sent up to
     * {@code applied}, and nothing that it sent after {@code applying}.
     *
     * @return false, and the copy is worthless, if there are own deltas of which that does not tell
     */
    boolean addOwn(final int row, final int slot, final long applied, final long applying) {
        final DeltaLog log = logs[shardOf(row)];
        for (long n = newest.number(row, log); n >= log.tail(); n = log.previous(n)) {
            final long sequence = log.sequence(n);
            if (sequence == 0 || sequence > applying) {
                log.addTo(cache.values(), cache.offset(slot), n);
            } else if (sequence > applied) {
                return false;
            }
        }
        if (isRounded()) {
            residuals.addTo(row, cache.values(), cache.offset(slot));
        }
        return true;
    }
}
