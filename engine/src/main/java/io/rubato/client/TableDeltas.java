package io.rubato.client;

import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * One worker's own deltas to one table: a delta log per shard, each row's newest record there, and what rounding has
 * left out of deltas that travel as bf16. Records and copies are told by address.
 *
 * <p>Used by the worker's thread; the agent reads sealed records through {@link #log}.
 */
final class TableDeltas {
    /** Instead of a record's address. */
    static final long NO_RECORD = 0;

    private final TableSpec spec;
    private final ElementType type;
    private final int rowBytes;
    private final DeltaLog[] logs;
    private final NewestRecords newest;
    /**
     * Per row, the lower half of the sequence number of its newest freed record: an image that does not hold it would
     * hide an own delta.
     */
    private final int[] freed;
    private final ShardProgress progress;
    private final boolean isValueBounded;
    private final boolean isPushed;
    /** Null if deltas travel exactly. */
    private final Residuals residuals;
    /** Never read: see {@link Memory#prefetch}. */
    private long prefetched;
    /** Whether any record was begun by a delta to single elements, and may need to be marked dense later. */
    private boolean hasSparse;

    TableDeltas(final TableSpec spec, final ShardProgress progress, final int shards, final long logBytes,
            final Arena arena, final IntFunction<LongFunction<MemorySegment>> sharing) {
        this.spec = spec;
        this.type = spec.type();
        this.rowBytes = spec.rowBytes();
        this.progress = progress;
        this.isValueBounded = spec.consistency().isValueBounded();
        this.isPushed = spec.consistency().isPushed();
        this.residuals = spec.encoding() == Encoding.BF16 ? new Residuals(spec, arena) : null;
        this.newest = new NewestRecords(spec);
        this.freed = new int[(int) spec.rows()];
        this.logs = new DeltaLog[shards];
        final long ofShard = Math.min(4L * ((spec.rows() + shards - 1) / shards),
                logBytes / shards / DeltaLog.stride(spec));
        final int capacity = Integer.highestOneBit(Math.clamp(ofShard, 4, 1 << 30));
        Arrays.setAll(logs, shard -> new DeltaLog(spec, capacity, 0, arena, sharing.apply(shard)));
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

    /** The row's number on its shard; a division takes longer than all else that is done with a number. */
    int localRow(final int row) {
        return logs.length == 1 ? row : row / logs.length;
    }

    /** The row of a record in a shard's log. */
    int row(final int shard, final long n) {
        return logs[shard].row(n) * logs.length + shard;
    }

    /**
     * At every {@link WorkerTable#ROWS_AHEAD}th row of a run that is added to, whose ids were checked: has what is
     * known of the deltas to the next ones fetched.
     */
    void prefetch(final long[] ids, final int next, final int count) {
        if (next % WorkerTable.ROWS_AHEAD != 0) {
            return;
        }
        final int end = Math.min(count, next + WorkerTable.ROWS_AHEAD);
        long sum = 0;
        for (int i = next; i < end; i++) {
            sum += newest.prefetch((int) ids[i]);
        }
        prefetched = sum;
    }

    /** A hint that a row is read soon; for its result see {@link Memory#prefetch}. */
    long prefetch(final int row) {
        return newest.prefetch(row) + freed[row];
    }

    boolean needsRecord(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        return !log.isOpen(newest.number(row, log));
    }

    /** Whether a new record must wait. On a pushed table records stay for longer than until they are acknowledged. */
    boolean hasNoRoom(final int shard) {
        return logs[shard].isFull() || !isPushed && logs[shard].isBackedUp();
    }

    /** The open record of a row, made dense, for one more delta; {@link #NO_RECORD} if it needs a new one. */
    long openRow(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = newest.number(row, log);
        if (!log.isOpen(n)) {
            return NO_RECORD;
        }
        log.coalesced();
        if (hasSparse) {
            spread(log, n);
            log.markDense(n);
        }
        return log.address(n);
    }

    /** A new dense record, to be written by the caller; its log must not be full. */
    long newRow(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        return log.address(append(log, row, true));
    }

    /** The newest record of a row. */
    long newestRow(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        return log.address(newest.number(row, log));
    }

    /** The record for a delta to single elements of a row; if it is a new one, its log must not be full. */
    long openElements(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = newest.number(row, log);
        if (log.isOpen(n)) {
            log.coalesced();
            spread(log, n);
            return log.address(n);
        }
        hasSparse = true;
        final long opened = append(log, row, false);
        log.clear(opened);
        return log.address(opened);
    }

    private static void spread(final DeltaLog log, final long n) {
        if (log.isList(n)) {
            log.spread(n);
        }
    }

    /**
     * Whether deltas to so many columns of a row should be a record of their own that lists them, instead of being
     * added one by one: {@link #newList}. Where deltas must be looked up by column they are not.
     */
    boolean takesList(final int row, final int count) {
        return !isValueBounded && count > 0 && ColumnLists.isWorthwhile(type, rowBytes, count) && needsRecord(row);
    }

    /** A new record for a list of columns, to be written by the caller; its log must not be full. */
    long newList(final int row, final int count) {
        final DeltaLog log = logs[shardOf(row)];
        hasSparse = true;
        final long n = append(log, row, false);
        log.markList(n, count);
        return log.address(n);
    }

    private long append(final DeltaLog log, final int row, final boolean dense) {
        final long before = newest.number(row, log);
        final int shards = logs.length;
        final long n = log.append(localRow(row), dense, before);
        newest.set(row, n, log, shardOf(row), shards);
        return n;
    }

    /** Whether deltas are rounded on their way. */
    boolean isRounded() {
        return residuals != null;
    }

    /** Rounds a shard's open records. */
    void round(final int shard) {
        final DeltaLog log = logs[shard];
        final int ahead = Memory.rowsAhead(rowBytes);
        long hinted = log.sealed();
        for (long n = log.sealed(); n < log.next(); n++) {
            if (n == hinted) {
                hinted = Math.min(log.next(), n + ahead);
                prefetchResiduals(shard, n, hinted);
            }
            round(log, n, row(shard, n));
        }
    }

    private void prefetchResiduals(final int shard, final long from, final long to) {
        long sum = 0;
        for (long n = from; n < to; n++) {
            if (logs[shard].isDense(n)) {
                sum += residuals.prefetch(row(shard, n));
            }
        }
        prefetched = sum;
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

    /** Whether rounding has left something out of the deltas to a row; that must go before the worker ends. */
    boolean hasResidual(final int row) {
        return !residuals.isZero(row);
    }

    /** Makes a new record of what rounding has left out; its log must not be full. */
    void incResidual(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = append(log, row, true);
        log.markExact(n);
        residuals.moveTo(row, log.address(n));
    }

    /** Whether some reader may not see all of this worker's deltas to a row. */
    boolean hasUnseen(final int row) {
        final DeltaLog log = logs[shardOf(row)];
        final long n = newest.number(row, log);
        return n >= log.tail() && isUnseen(log, n, progress.visible(shardOf(row)));
    }

    /**
     * The most by which an element would differ for some reader from what this worker has made of it, after one more
     * delta. Readers see the deltas in their order, each up to a place of its own: what one of them misses is the last
     * ones, from some record on.
     */
    double mostUnseen(final int row, final int column, final double delta) {
        final DeltaLog log = logs[shardOf(row)];
        final long visible = progress.visible(shardOf(row));
        long n = newest.number(row, log);
        double missed = delta;
        // A record that is open takes the delta in, and is seen as a whole.
        double most = n >= log.tail() && log.isOpen(n) ? 0 : Math.abs(delta);
        for (; n >= log.tail() && isUnseen(log, n, visible); n = log.previous(n)) {
            missed += Elements.get(type, log.address(n), column);
            most = Math.max(most, Math.abs(missed));
        }
        return most;
    }

    private static boolean isUnseen(final DeltaLog log, final long n, final long visible) {
        final long sequence = log.sequence(n);
        return sequence == 0 || sequence > visible;
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
            freed[row(shard, n)] = (int) sequence;
            log.free(sequence);
        }
    }

    /** An image of a row must hold this sequence number, or it hides a delta of this worker. */
    long requiredSequence(final int row) {
        return logs[shardOf(row)].freedSequence(freed[row]);
    }

    /**
     * Adds to a copy of a row the deltas that it does not hold. It holds what the client sent up to {@code applied},
     * and nothing that it sent after {@code applying}.
     *
     * @return false, and the copy is worthless, if there are deltas of which that does not tell
     */
    boolean addTo(final long copy, final int row, final long applied, final long applying) {
        final DeltaLog log = logs[shardOf(row)];
        for (long n = newest.number(row, log); n >= log.tail(); n = log.previous(n)) {
            final long sequence = log.sequence(n);
            if (sequence == 0 || sequence > applying) {
                log.addTo(copy, n);
            } else if (sequence > applied) {
                return false;
            }
        }
        if (isRounded()) {
            residuals.addTo(row, copy);
        }
        return true;
    }
}
