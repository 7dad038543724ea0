package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.clock.Gate;
import io.rubato.kernel.Memory;
import io.rubato.kernel.RowKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One worker's side of one table: its cache, and one delta log per shard. Holds read-my-writes: what a read returns is
 * the image plus every own delta that the image does not hold, whether it is still being written, under way, or
 * acknowledged but newer than the image.
 *
 * <p>Used by the worker's thread; the agent reads sealed records through {@link #log}.
 */
final class WorkerTable {
    private static final long NONE = -1;

    private final Table table;
    private final TableSpec spec;
    private final int rows;
    private final ProcessCache process;
    private final WorkerCache cache;
    private final DeltaLog[] logs;
    private final Row flyweight;
    /** Per row, the number of its newest record in its shard's log. */
    private final long[] newest;
    /**
     * Per row, the sequence number of its newest freed record: an image that does not hold it would hide an own delta.
     */
    private final long[] freed;
    private final MemorySegment scratch;
    private final ElementType type;
    /** Under ASP an image of the same minimum clock may be newer, and is worth a copy. */
    private final boolean isAsynchronous;
    private final int columns;
    private final int rowBytes;
    private long freshnessClock = NONE;
    private long freshness;
    /** Whether any record was begun by a delta to single elements, and may need to be marked dense later. */
    private boolean hasSparse;
    private final Installer installer = new Installer();

    WorkerTable(final Table table, final ProcessCache process, final int shards, final long cacheBytes,
            final long logBytes, final Arena arena) {
        this.table = table;
        this.spec = table.spec();
        this.type = spec.type();
        this.columns = spec.columns();
        this.rowBytes = spec.rowBytes();
        this.isAsynchronous = spec.consistency().model() == Consistency.Model.ASP;
        this.rows = (int) spec.rows();
        this.process = process;
        this.cache = new WorkerCache(spec, slots(cacheBytes / WorkerCache.stride(spec)), arena);
        this.logs = new DeltaLog[shards];
        final long ofShard = Math.min(4L * ((rows + shards - 1) / shards), logBytes / shards / DeltaLog.stride(spec));
        final int capacity = Integer.highestOneBit(Math.max(4, slots(ofShard)));
        Arrays.setAll(logs, shard -> new DeltaLog(spec, capacity, arena));
        this.flyweight = new Row(spec);
        this.newest = new long[rows];
        Arrays.fill(newest, NONE);
        this.freed = new long[rows];
        this.scratch = arena.allocate(WorkerCache.stride(spec), 64);
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
        if (row < 0 || row >= rows) {
            throw new IndexOutOfBoundsException("row " + row + " of table " + spec.name() + " with " + rows);
        }
        return (int) row;
    }

    /** The freshness that a read under the table's own model needs at a clock; computed once per clock. */
    long freshness(final long clock) {
        if (clock != freshnessClock) {
            freshness = Gate.freshness(spec.consistency(), Gate.TABLE_BOUND, clock);
            freshnessClock = clock;
        }
        return freshness;
    }

    /** The row if its cached copy was looked at in this clock already and is fresh; otherwise null. */
    Row cached(final int row, final long clock, final long freshness) {
        final int slot = cache.slot(row);
        return slot >= 0 && cache.checkedAt(slot) == clock && cache.minimumClock(slot) >= freshness
                ? wrap(slot, row)
                : null;
    }

    /**
     * The row from the process cache or, if that holds none that is newer, from the worker's own; null if neither is
     * fresh.
     */
    Row lookAgain(final int row, final long clock, final long freshness) {
        final int held = cache.slot(row);
        final long heldClock = held >= 0 ? cache.minimumClock(held) : NONE;
        final long better = isAsynchronous ? heldClock : heldClock + 1;
        if (installer.install(row, clock, Math.max(freshness, better))) {
            return wrap(cache.slot(row), row);
        }
        if (heldClock >= freshness && held >= 0) {
            cache.checked(held, clock);
            return wrap(held, row);
        }
        return null;
    }

    private Row wrap(final int slot, final int row) {
        return flyweight.wrap(cache.values(), cache.offset(slot), row, cache.minimumClock(slot));
    }

    /** Whether a read at this freshness could be answered without asking a shard. */
    boolean isFresh(final int row, final long freshness) {
        final int slot = cache.slot(row);
        return slot >= 0 && cache.minimumClock(slot) >= freshness;
    }

    /** An image must hold this sequence number, or it hides a delta of this worker. */
    long requiredSequence(final int row) {
        return freed[row];
    }

    boolean needsRecord(final int row) {
        return !logs[shardOf(row)].isOpen(newest[row]);
    }

    /** Adds a whole row to its open record; false, and nothing done, if the row needs a new one. */
    boolean incOpen(final int row, final MemorySegment delta, final long offset) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = newest[row];
        if (!log.isOpen(n)) {
            return false;
        }
        if (hasSparse) {
            log.markDense(n);
        }
        final int slot = cache.slot(row);
        if (slot >= 0) {
            RowKernels.BEST.addToBoth(type, Memory.ALL, log.address(n), Memory.ALL, cache.address(slot), delta, offset,
                    columns);
        } else {
            RowKernels.BEST.add(type, Memory.ALL, log.address(n), delta, offset, columns);
        }
        return true;
    }

    /** Adds a whole row as a new record; its log must not be full. */
    void incNew(final int row, final MemorySegment delta, final long offset) {
        final DeltaLog log = logs[shardOf(row)];
        final long opened = open(log, row, true);
        MemorySegment.copy(delta, offset, log.values(), log.valueOffset(opened), spec.rowBytes());
        final int slot = cache.slot(row);
        if (slot >= 0) {
            RowKernels.BEST.add(type, Memory.ALL, cache.address(slot), delta, offset, columns);
        }
    }

    /** Adds to one element; if the row needs a new record, its log must not be full. */
    void inc(final int row, final int column, final double delta) {
        Elements.add(spec.type(), logs[shardOf(row)].values(), elementOfLog(row), column, delta);
        final int slot = cache.slot(row);
        if (slot >= 0) {
            Elements.add(spec.type(), cache.values(), cache.offset(slot), column, delta);
        }
    }

    /** Adds to one element; if the row needs a new record, its log must not be full. */
    void inc(final int row, final int column, final long delta) {
        Elements.add(spec.type(), logs[shardOf(row)].values(), elementOfLog(row), column, delta);
        final int slot = cache.slot(row);
        if (slot >= 0) {
            Elements.add(spec.type(), cache.values(), cache.offset(slot), column, delta);
        }
    }

    private long elementOfLog(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = newest[row];
        if (log.isOpen(n)) {
            return log.valueOffset(n);
        }
        hasSparse = true;
        final long offset = log.valueOffset(open(log, row, false));
        log.values().asSlice(offset, spec.rowBytes()).fill((byte) 0);
        return offset;
    }

    private long open(final DeltaLog log, final int row, final boolean dense) {
        final long before = newest[row];
        final long n = log.append(row / logs.length, dense, before);
        newest[row] = n;
        return n;
    }

    /** Frees what the shard has acknowledged. */
    void reclaim(final int shard, final long acknowledged) {
        final DeltaLog log = logs[shard];
        while (log.tail() < log.sealed()) {
            final long n = log.tail();
            final long sequence = log.sequence(n);
            if (sequence == 0 || sequence > acknowledged) {
                return;
            }
            freed[log.row(n) * logs.length + shard] = sequence;
            log.free();
        }
    }

    /** Copies an image into the worker's cache and adds the own deltas that it does not hold. */
    private final class Installer implements ProcessCache.Target {
        private long wantedClock;
        private long wantedSequence;
        private long imageClock;
        private long applied;

        boolean install(final int row, final long clock, final long wanted) {
            wantedClock = wanted;
            wantedSequence = freed[row];
            if (!process.copy(row, this, scratch, 0)) {
                return false;
            }
            final int slot = cache.take(row, clock);
            final long offset = cache.offset(slot);
            MemorySegment.copy(scratch, 0, cache.values(), offset, spec.rowBytes());
            final DeltaLog log = logs[shardOf(row)];
            for (long n = newest[row]; n >= log.tail(); n = log.previous(n)) {
                final long sequence = log.sequence(n);
                if (sequence == 0 || sequence > applied) {
                    log.addTo(cache.values(), offset, n);
                }
            }
            cache.filled(slot, imageClock, clock);
            return true;
        }

        @Override
        public boolean accepts(final long minimumClock, final long appliedSequence) {
            imageClock = minimumClock;
            applied = appliedSequence;
            return minimumClock >= wantedClock && appliedSequence >= wantedSequence;
        }
    }
}
