package io.rubato.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A job of some size.
 *
 * @param rows      of the table
 * @param columns   floats in a row
 * @param shards    processes
 * @param workers   client processes with one worker each
 * @param staleness s
 */
record ScalePoint(int rows, int columns, int shards, int workers, int staleness) {
    private static final int ROW_ALIGNMENT = 64;

    /** The same with another number of rows, as wide as fits. */
    ScalePoint withRows(final int otherRows, final long maxTableBytes) {
        final long fitting = maxTableBytes / otherRows / Float.BYTES;
        return new ScalePoint(otherRows, Math.clamp(fitting, 1, columns), shards, workers, staleness);
    }

    ScalePoint withShards(final int other) {
        return new ScalePoint(rows, columns, other, workers, staleness);
    }

    ScalePoint withWorkers(final int other) {
        return new ScalePoint(rows, columns, shards, other, staleness);
    }

    ScalePoint withStaleness(final int other) {
        return new ScalePoint(rows, columns, shards, workers, other);
    }

    /** More than the job takes: slabs with a word per row and alignment, and what each client keeps of every row. */
    long neededBytes() {
        final long perRow = (long) columns * Float.BYTES + 2 * ROW_ALIGNMENT;
        final long perClient = 512L << 20;
        return rows * perRow + workers * (perClient + 3L * Long.BYTES * rows) + shards * (128L << 20);
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("rows", rows);
        json.put("columns", columns);
        json.put("shards", shards);
        json.put("workers", workers);
        json.put("staleness", staleness);
        return json;
    }
}
