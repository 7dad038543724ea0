package io.rubato.client;

/**
 * The way of a worker's deltas to its client's agent: into the logs of its tables, waiting where a log has no room or a
 * value bound is reached, and handed over when the clock ends or a log fills. Used by the worker's thread.
 */
final class WorkerDeltas {
    private static final long NO_LIST = 0;

    private final ClientAgent client;
    private final Commands commands;
    private final WorkerWait wait;

    WorkerDeltas(final ClientAgent client, final Commands commands, final WorkerWait wait) {
        this.client = client;
        this.commands = commands;
        this.wait = wait;
    }

    /** Adds whole rows, whose ids were checked; the deltas lie one behind the other from an address on. */
    void incRows(final WorkerTable table, final long[] rows, final int count, final long deltas, final long clock) {
        final long rowBytes = table.rowBytes();
        for (int i = 0; i < count; i++) {
            table.deltas().prefetch(rows, i, count);
            incRow(table, (int) rows[i], deltas + i * rowBytes, clock);
        }
    }

    /** Adds a whole row, whose delta lies at an address. */
    void incRow(final WorkerTable table, final int row, final long delta, final long clock) {
        if (table.isValueBounded()) {
            awaitVisibility(table, row, delta, clock);
        }
        if (!table.incOpen(row, delta)) {
            makeRoom(table, row, clock);
            table.incNew(row, delta, clock);
        }
    }

    /** Adds to one element. */
    void inc(final WorkerTable table, final int row, final int column, final double delta, final long clock) {
        if (table.isValueBounded()) {
            awaitVisibility(table, row, column, delta, clock);
        }
        makeRoom(table, row, clock);
        table.inc(row, column, delta);
    }

    /** Adds to one element. */
    void inc(final WorkerTable table, final int row, final int column, final long delta, final long clock) {
        if (table.isValueBounded()) {
            awaitVisibility(table, row, column, delta, clock);
        }
        makeRoom(table, row, clock);
        table.inc(row, column, delta);
    }

    void inc(final WorkerTable table, final int row, final int[] columns, final float[] deltas, final int count,
            final long clock) {
        final long list = openList(table, row, count, clock);
        if (list != NO_LIST) {
            ColumnLists.write(list, columns, deltas, count);
            table.incList(row, list, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            inc(table, row, columns[i], deltas[i], clock);
        }
    }

    void inc(final WorkerTable table, final int row, final int[] columns, final double[] deltas, final int count,
            final long clock) {
        final long list = openList(table, row, count, clock);
        if (list != NO_LIST) {
            ColumnLists.write(list, columns, deltas, count);
            table.incList(row, list, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            inc(table, row, columns[i], deltas[i], clock);
        }
    }

    void inc(final WorkerTable table, final int row, final int[] columns, final long[] deltas, final int count,
            final long clock) {
        final long list = openList(table, row, count, clock);
        if (list != NO_LIST) {
            ColumnLists.write(table.spec().type(), list, columns, deltas, count);
            table.incList(row, list, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            inc(table, row, columns[i], deltas[i], clock);
        }
    }

    /** Where the columns of a delta should be listed; {@link #NO_LIST} if they should be added one by one. */
    private long openList(final WorkerTable table, final int row, final int count, final long clock) {
        if (!table.deltas().takesList(row, count)) {
            return NO_LIST;
        }
        makeRoom(table, row, clock);
        return table.deltas().newList(row, count);
    }

    /**
     * Waits until a delta keeps what readers may not see of the element within the value bound. A single delta that is
     * larger than the bound waits until they see all before it.
     */
    private void awaitVisibility(final WorkerTable table, final int row, final int column, final double delta,
            final long clock) {
        final double bound = table.spec().consistency().valueBound(clock);
        if (!ValueBound.passes(table, row, column, delta, bound)) {
            return;
        }
        final long since = beginWaitForShard(table, row, clock);
        while (ValueBound.passes(table, row, column, delta, bound)) {
            wait.await();
        }
        wait.end(since);
    }

    private void awaitVisibility(final WorkerTable table, final int row, final long delta, final long clock) {
        final double bound = table.spec().consistency().valueBound(clock);
        if (!ValueBound.passes(table, row, delta, bound)) {
            return;
        }
        final long since = beginWaitForShard(table, row, clock);
        while (ValueBound.passes(table, row, delta, bound)) {
            wait.await();
        }
        wait.end(since);
    }

    /** Hands over what is open, so that the wait can end. */
    private long beginWaitForShard(final WorkerTable table, final int row, final long clock) {
        final int shard = table.deltas().shardOf(row);
        flush(table, shard, clock);
        return wait.beginForShard(shard);
    }

    /**
     * If the row needs a new record: hands over early when much is open already, and waits for acknowledgements when
     * the log has no room.
     */
    void makeRoom(final WorkerTable table, final int row, final long clock) {
        final TableDeltas deltas = table.deltas();
        if (!deltas.needsRecord(row)) {
            return;
        }
        final int shard = deltas.shardOf(row);
        final boolean streams = table.isWorthHandingOver(shard);
        if (streams || deltas.log(shard).isHalfOpen()) {
            flush(table, shard, clock);
            client.assist();
            deltas.reclaim(shard);
        }
        if (streams) {
            deltas.log(shard).stream();
        }
        if (deltas.hasNoRoom(shard)) {
            deltas.reclaimAll(shard);
            if (deltas.hasNoRoom(shard)) {
                waitForRoom(table, row, clock);
            }
        }
    }

    private void waitForRoom(final WorkerTable table, final int row, final long clock) {
        final long since = beginWaitForShard(table, row, clock);
        final TableDeltas deltas = table.deltas();
        final int shard = deltas.shardOf(row);
        while (deltas.hasNoRoom(shard)) {
            wait.await();
            deltas.reclaimAll(shard);
        }
        wait.end(since);
    }

    /** Hands over what is open of a table; its clock ends, or the worker does. */
    void handOver(final WorkerTable table, final long clock) {
        final TableDeltas deltas = table.deltas();
        for (int shard = 0; shard < deltas.shards(); shard++) {
            flush(table, shard, clock);
            deltas.log(shard).endClock();
            deltas.reclaim(shard);
        }
    }

    private void flush(final WorkerTable table, final int shard, final long clock) {
        final DeltaLog log = table.deltas().log(shard);
        if (log.sealed() == log.next()) {
            return;
        }
        table.complete(shard);
        if (!enqueue(table, shard, log, clock)) {
            final long since = wait.begin();
            do {
                wait.await();
            } while (!enqueue(table, shard, log, clock));
            wait.end(since);
        }
        log.seal();
    }

    private boolean enqueue(final WorkerTable table, final int shard, final DeltaLog log, final long clock) {
        return commands.flush(table.table().id(), shard, log.sealed(), log.next(), clock);
    }

    /** Makes deltas of what rounding has left out of a table's. */
    void incResiduals(final WorkerTable table, final long clock) {
        for (int row = 0; row < table.spec().rows(); row++) {
            if (table.deltas().hasResidual(row)) {
                makeRoom(table, row, clock);
                table.deltas().incResidual(row);
            }
        }
    }
}
