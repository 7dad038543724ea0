package io.rubato.client;

import io.rubato.TableSpec;
import java.util.Arrays;

/**
 * What one worker looks at first for every read of a row and for every delta to it. As little as can be for each row: a
 * random row's place here should still be in the processor's cache. Used by the worker's thread.
 */
final class RowIndex {
    private static final long NONE = -1;

    /** Appended records between two rounds of {@link #forgetFreed}: half of the numbers that an int tells apart. */
    static final long NUMBERS = 1L << 31;

    private final int rows;
    private final long[] entries;
    /** One bit for each row: a delta to a row without an entry need not look for one. */
    private final long[] hasEntry;
    /** The lower halves of record numbers. */
    private final int[] newest;
    /** Never read: what is loaded for nothing would not be loaded. */
    private long prefetched;

    RowIndex(final TableSpec spec) {
        rows = (int) spec.rows();
        entries = new long[rows];
        Arrays.fill(entries, NONE);
        hasEntry = new long[(rows + Long.SIZE - 1) / Long.SIZE];
        newest = new int[rows];
        Arrays.fill(newest, (int) NONE);
    }

    /** Where the worker's copy is, and when it serves: see {@link WorkerCache}. */
    long entry(final int row) {
        return entries[row];
    }

    /** By row; for a look without a call. */
    long[] entries() {
        return entries;
    }

    boolean hasEntry(final int row) {
        return (hasEntry[row >> 6] & 1L << row) != 0;
    }

    void entry(final int row, final long entry) {
        entries[row] = entry;
        hasEntry[row >> 6] |= 1L << row;
    }

    void noEntry(final int row) {
        entries[row] = NONE;
        hasEntry[row >> 6] &= ~(1L << row);
    }

    /** Number of the row's newest record in its shard's log; less than the log's tail if it has none or was freed. */
    long newest(final int row, final DeltaLog log) {
        return log.number(newest[row]);
    }

    /** As {@link #newest(int, DeltaLog)}, of a new record in the log. */
    void newest(final int row, final long record, final DeltaLog log, final int shard, final int shards) {
        if (record % NUMBERS == 0) {
            forgetFreed(log, shard, shards);
        }
        newest[row] = (int) record;
    }

    /** Has the processor fetch what is known of some rows, of all at once where one by one each would wait for memory. */
    void prefetch(final long[] ids, final int from, final int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            final int row = (int) ids[i];
            sum += newest[row];
            if (hasEntry(row)) {
                sum += entries[row];
            }
        }
        prefetched = sum;
    }

    /** Before the lower half of a freed record's number comes to mean a later one. */
    private void forgetFreed(final DeltaLog log, final int shard, final int shards) {
        for (int row = shard; row < rows; row += shards) {
            if (newest(row, log) < log.tail()) {
                newest[row] = (int) (log.tail() - 1);
            }
        }
    }
}
