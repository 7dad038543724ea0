package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.Table;
import io.rubato.port.RowView;
import io.rubato.port.RowViewFactory;
import java.lang.foreign.MemorySegment;
import java.util.function.LongFunction;

/**
 * Which shards' rows of a table this client reads one-sidedly: either every read of a shard's rows is one-sided or none
 * is, so that images of two kinds never compete for a row. Safe for all threads.
 */
final class TableViews {
    private final RowView[] views;
    private final boolean isEveryRowCovered;
    private final boolean isAnyRowCovered;

    private TableViews(final RowView[] views, final long rows) {
        this.views = views;
        boolean every = true;
        boolean any = false;
        for (int shard = 0; shard < views.length; shard++) {
            every &= views[shard] != null || shard >= rows;
            any |= views[shard] != null;
        }
        this.isEveryRowCovered = every;
        this.isAnyRowCovered = any;
    }

    /** Every row is asked for by message. */
    static TableViews none(final int shards) {
        return new TableViews(new RowView[shards], Long.MAX_VALUE);
    }

    /**
     * Opens what there is.
     *
     * @throws java.io.UncheckedIOException if the factory says that there must be more
     */
    static TableViews open(final RowViewFactory factory, final long job, final Table table, final int shards,
            final int clients, final int client) {
        final RowView[] views = new RowView[shards];
        final long rows = table.spec().rows();
        for (int shard = 0; shard < shards && shard < rows && isPossible(table.spec().consistency()); shard++) {
            views[shard] = factory.open(job, table, shard, (int) ((rows + shards - 1 - shard) / shards), clients,
                    client);
        }
        return new TableViews(views, rows);
    }

    /**
     * Whether a minimum clock is all that a gate looks at. Pushed rows come without being asked for, and what a sampled
     * gate looks at is known to shards and peers only.
     */
    private static boolean isPossible(final Consistency consistency) {
        return !consistency.isPushed() && !consistency.isSampled();
    }

    /** Null if the shard's rows are asked for by message. */
    RowView of(final int shard) {
        return views[shard];
    }

    /** Gives a worker memory that the shard sees, of so many bytes or less; null if there is none. */
    LongFunction<MemorySegment> sharing(final int shard, final int worker) {
        return views[shard] == null ? DeltaLog.NOT_SHARED : bytes -> views[shard].createLog(worker, bytes);
    }

    /** Whether no row is ever asked for by message. */
    boolean isEveryRowCovered() {
        return isEveryRowCovered;
    }

    /** Whether there are one-sided reads at all. */
    boolean isAnyRowCovered() {
        return isAnyRowCovered;
    }
}
