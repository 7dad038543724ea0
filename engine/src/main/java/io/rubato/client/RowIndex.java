package io.rubato.client;

import io.rubato.TableSpec;
import java.util.Arrays;

/**
 * What one worker looks at first for every read of a row and every delta to it, side by side: on random rows each cache
 * line more is a miss more. Used by the worker's thread.
 */
final class RowIndex {
    /** Of a row without an entry or a record. */
    static final long NONE = -1;

    private static final int PER_ROW = 2;

    private final long[] words;

    RowIndex(final TableSpec spec) {
        words = new long[Math.toIntExact(PER_ROW * spec.rows())];
        Arrays.fill(words, NONE);
    }

    /** Where the worker's copy is, and when it serves: see {@link WorkerCache}. */
    long entry(final int row) {
        return words[PER_ROW * row];
    }

    void entry(final int row, final long entry) {
        words[PER_ROW * row] = entry;
    }

    /** Number of the row's newest record in its shard's {@link DeltaLog}, which may have been freed. */
    long newest(final int row) {
        return words[PER_ROW * row + 1];
    }

    void newest(final int row, final long record) {
        words[PER_ROW * row + 1] = record;
    }
}
