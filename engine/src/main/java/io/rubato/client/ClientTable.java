package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.Table;
import io.rubato.clock.Gate;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntPredicate;
import org.agrona.DirectBuffer;

/**
 * The agent's side of one table: the process cache, and which rows have been asked for. A row is asked for again only
 * with another freshness, or after its image has come.
 */
final class ClientTable {
    private final Table table;
    private final Consistency consistency;
    private final ProcessCache cache;
    private final TableViews views;
    private final ShardProgress progress;
    private final int shards;
    private final IntPredicate isAwaited;
    private final ReadRequest[] askedBy;
    /** For a row that has come in bf16. */
    private final MemorySegment widened;
    private final long[] ahead = new long[WorkerTable.ROWS_AHEAD];
    /** Never read: see {@link Memory#prefetch}. */
    private long prefetched;

    /**
     * The cache is null if no row is asked for by message. The predicate tells for which rows some worker is blocked:
     * their images are not evicted.
     */
    ClientTable(final Table table, final ProcessCache cache, final TableViews views, final ShardProgress progress,
            final int shards, final IntPredicate isAwaited) {
        this.table = table;
        this.consistency = table.spec().consistency();
        this.cache = cache;
        this.views = views;
        this.progress = progress;
        this.shards = shards;
        this.isAwaited = isAwaited;
        this.askedBy = new ReadRequest[cache == null ? 0 : (int) table.spec().rows()];
        this.widened = Arena.ofAuto().allocate(table.spec().rowBytes(), 64);
    }

    Table table() {
        return table;
    }

    /** Null if no row is asked for by message. */
    ProcessCache cache() {
        return cache;
    }

    TableViews views() {
        return views;
    }

    /** Puts the image in a dense record into the cache. */
    void take(final int row, final ImageClocks image, final long record) {
        final long values = record + RowRecords.HEADER_LENGTH;
        if (RowRecords.count(record) == RowRecords.DENSE_BF16) {
            AddressKernels.BEST.widenBf16(widened.address(), values, table.spec().columns());
            cache.put(row, image, widened.address(), isAwaited);
        } else {
            cache.put(row, image, values, isAwaited);
        }
    }

    /**
     * At every {@link WorkerTable#ROWS_AHEAD}th of some rows that are asked for: has what is known of the next ones
     * fetched.
     */
    void prefetchIds(final DirectBuffer ids, final int offset, final int next, final int count) {
        if (next % ahead.length == 0) {
            final int ofNow = Math.min(count - next, ahead.length);
            for (int i = 0; i < ofNow; i++) {
                ahead[i] = ids.getInt(offset + Integer.BYTES * (next + i));
            }
            prefetch(ofNow);
        }
    }

    /** The same of rows whose images come in; {@code record} is the next dense record, and more of them follow it. */
    void prefetchRecords(final long record, final int shard, final int next, final int count) {
        if (next % ahead.length == 0) {
            final int ofNow = Math.min(count - next, ahead.length);
            final int length = RowRecords.denseLength(table.spec());
            for (int i = 0; i < ofNow; i++) {
                ahead[i] = RowRecords.row(record + (long) i * length) * shards + shard;
            }
            prefetch(ofNow);
        }
    }

    private void prefetch(final int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += askedBy[(int) ahead[i]] == null ? 0 : 1;
        }
        prefetched = sum + cache.prefetch(ahead, 0, count);
    }

    /** Whether the cached image serves a read. */
    boolean serves(final int row, final int staleness, final long freshness, final long sequence) {
        final ImageClocks image = cache.held(row);
        if (image == null) {
            return false;
        }
        image.raise(progress.pushedClock(row % shards));
        return image.serve(freshness, staleness >= 0, sequence, consistency.isValueBounded());
    }

    /**
     * Whether an image that serves will come unasked: the shard pushes the row. Not so for a sampled gate, which may
     * open before the minimum clock rises, nor when own deltas are missing that the delta log has let go of.
     */
    boolean isPushed(final int row, final int staleness, final long sequence) {
        if (!consistency.isPushed() || isSampled(staleness)) {
            return false;
        }
        final ImageClocks image = cache.held(row);
        return image != null && image.isCovered && image.applied >= sequence;
    }

    /** Whether a read looks at a sample of the workers. */
    boolean isSampled(final int staleness) {
        return Gate.isSampled(consistency, staleness);
    }

    /**
     * Whether a request of exactly this freshness is under way. One of a higher freshness would do for the reader, but
     * it may be parked until the reader itself has gone on.
     */
    boolean isAsked(final int row, final long freshness) {
        return askedBy[row] != null && askedBy[row].freshness() == freshness;
    }

    /** The row is part of a request from now on; an older request need not answer it any more. */
    void asked(final int row, final ReadRequest request) {
        if (askedBy[row] != null) {
            askedBy[row].rowDone();
        }
        askedBy[row] = request;
    }

    /** An image has come. */
    void answered(final int row, final ImageClocks image) {
        final ReadRequest request = askedBy[row];
        if (request != null && image.granted >= request.freshness()) {
            request.rowDone();
            askedBy[row] = null;
        }
    }
}
