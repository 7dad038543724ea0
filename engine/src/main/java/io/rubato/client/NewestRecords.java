package io.rubato.client;

import io.rubato.TableSpec;
import java.util.Arrays;

/**
 * Of each row, the newest record in its shard's {@link DeltaLog}: what a worker looks at first for every delta. Four
 * bytes, the lower half of the record's number, so that a random row's are still in the processor's cache. Used by the
 * worker's thread.
 */
final class NewestRecords {
    /** Appended records between two rounds of {@link #forgetFreed}: half of the numbers that an int tells apart. */
    static final long NUMBERS = 1L << 31;
    /** Before the number of any record. */
    private static final int NONE = -1;

    private final int[] newest;

    NewestRecords(final TableSpec spec) {
        newest = new int[(int) spec.rows()];
        Arrays.fill(newest, NONE);
    }

    /** Number of the row's newest record; less than the log's tail if it has none or was freed. */
    long number(final int row, final DeltaLog log) {
        return log.number(newest[row]);
    }

    /** As {@link #number(int, DeltaLog)}, of a new record in the log. */
    void set(final int row, final long record, final DeltaLog log, final int shard, final int shards) {
        if (record % NUMBERS == 0) {
            forgetFreed(log, shard, shards);
        }
        newest[row] = (int) record;
    }

    /** A hint that deltas to a row come soon; for its result see {@link io.rubato.kernel.Memory#prefetch}. */
    long prefetch(final int row) {
        return newest[row];
    }

    /** Before the lower half of a freed record's number comes to mean a later one. */
    private void forgetFreed(final DeltaLog log, final int shard, final int shards) {
        for (int row = shard; row < newest.length; row += shards) {
            if (number(row, log) < log.tail()) {
                newest[row] = (int) (log.tail() - 1);
            }
        }
    }
}
