package io.rubato.client;

import io.rubato.Table;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The agent's side of one table: the process cache, and which rows have been asked for. A row is asked for again only
 * with another freshness, or after its image has come.
 */
final class ClientTable {
    private static final long NOT_ASKED = -1;

    private final Table table;
    private final ProcessCache cache;
    private final IntPredicate isAwaited;
    private final long[] askedFreshness;
    private final ReadRequest[] askedBy;

    /** The predicate tells for which rows some worker is blocked: their images are not evicted. */
    ClientTable(final Table table, final ProcessCache cache, final IntPredicate isAwaited) {
        this.table = table;
        this.cache = cache;
        this.isAwaited = isAwaited;
        this.askedFreshness = new long[(int) table.spec().rows()];
        Arrays.fill(askedFreshness, NOT_ASKED);
        this.askedBy = new ReadRequest[askedFreshness.length];
    }

    Table table() {
        return table;
    }

    ProcessCache cache() {
        return cache;
    }

    IntPredicate isAwaited() {
        return isAwaited;
    }

    /**
     * Whether a request of exactly this freshness is under way. One of a higher freshness would do for the reader, but
     * it may be parked until the reader itself has gone on.
     */
    boolean isAsked(final int row, final long freshness) {
        return askedFreshness[row] == freshness;
    }

    /** The row is part of a request from now on; an older request need not answer it any more. */
    void asked(final int row, final long freshness, final ReadRequest request) {
        if (askedBy[row] != null) {
            askedBy[row].rowDone();
        }
        askedFreshness[row] = freshness;
        askedBy[row] = request;
    }

    /** An image has come. */
    void answered(final int row, final long minimumClock) {
        if (askedBy[row] != null && minimumClock >= askedFreshness[row]) {
            askedBy[row].rowDone();
            askedBy[row] = null;
            askedFreshness[row] = NOT_ASKED;
        }
    }
}
