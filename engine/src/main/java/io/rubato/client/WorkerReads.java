package io.rubato.client;

import io.rubato.Refresh;
import io.rubato.Row;
import io.rubato.clock.Gate;
import io.rubato.kernel.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * The way of a worker's reads that its cached copies have not served in the clock yet: to newer images, and to a wait
 * for one where none serves; and the asks for images. Ids were checked. Used by the worker's thread.
 */
final class WorkerReads {
    private final Commands commands;
    private final WorkerWait wait;
    private final WorkerStats stats;
    private final Asks asks;
    private final MissedRows missed = new MissedRows();

    WorkerReads(final Commands commands, final WorkerWait wait, final WorkerStats stats) {
        this.commands = commands;
        this.wait = wait;
        this.stats = stats;
        this.asks = new Asks(commands.maxRows());
    }

    /** Reads under the table's own model. */
    Row get(final WorkerTable table, final int row, final long clock) {
        final Row cached = table.cached(row, clock);
        return cached == null ? fetch(table, row, clock) : cached;
    }

    /** As {@link #get(WorkerTable, int, long)}, of a row that {@link WorkerTable#cached} has not served. */
    Row fetch(final WorkerTable table, final int row, final long clock) {
        final Row found = find(table, row, table.ownBound(), table.freshness(clock), clock);
        table.served(row, clock);
        return found;
    }

    /** Reads with a bound of the reader's own. */
    Row get(final WorkerTable table, final int row, final int staleness, final long clock) {
        final long freshness = freshness(staleness, clock);
        final Row cached = table.cachedOwnBound(row, clock, freshness);
        return cached == null ? find(table, row, staleness, freshness, clock) : read(table, cached, clock);
    }

    /** Copies rows to one place; those that would have to wait are asked for together. */
    void get(final WorkerTable table, final long[] rows, final int count, final MemorySegment target,
            final long offset, final long clock) {
        final long rowBytes = table.rowBytes();
        final long address = Memory.writable(target, offset, count * rowBytes);
        missed.clear(count);
        for (int i = 0; i < count; i++) {
            table.prefetch(rows, i, count, clock);
            if (readTo(table, address + i * rowBytes, (int) rows[i], clock)) {
                continue;
            }
            final Row found = tryGet(table, (int) rows[i], clock);
            if (found == null) {
                missed.add(i, rows[i]);
                refresh(table, (int) rows[i], clock);
            } else {
                MemorySegment.copy(found.segment(), found.offset(), target, offset + i * rowBytes, rowBytes);
            }
        }
        for (int i = 0; i < missed.size(); i++) {
            table.prefetch(missed.rows(), i, missed.size(), clock);
            final Row row = get(table, (int) missed.rows()[i], clock);
            MemorySegment.copy(row.segment(), row.offset(), target, offset + missed.position(i) * rowBytes, rowBytes);
        }
        Reference.reachabilityFence(target);
    }

    private boolean readTo(final WorkerTable table, final long target, final int row, final long clock) {
        final long minimumClock = table.readTo(target, row, clock, table.freshness(clock));
        if (minimumClock < 0) {
            return false;
        }
        stats.missed();
        table.recorder().record(clock - minimumClock);
        return true;
    }

    /** Empty, for so many rows of a run that {@link #tryGet} may not find. */
    MissedRows missed(final int count) {
        missed.clear(count);
        return missed;
    }

    /** A read under the table's own model; null if it would have to wait. */
    Row tryGet(final WorkerTable table, final int row, final long clock) {
        final Row cached = table.cached(row, clock);
        if (cached != null) {
            return cached;
        }
        final Row found = look(table, row, table.ownBound(), table.freshness(clock), clock);
        if (found != null) {
            table.served(row, clock);
        }
        return found;
    }

    private Row find(final WorkerTable table, final int row, final int staleness, final long freshness,
            final long clock) {
        final Row found = look(table, row, staleness, freshness, clock);
        if (found != null) {
            return found;
        }
        stats.missed();
        return read(table, await(table, row, staleness, freshness, clock), clock);
    }

    /** A read that the worker's copy alone did not answer, counted; null if it would have to wait. */
    private Row look(final WorkerTable table, final int row, final int staleness, final long freshness,
            final long clock) {
        final Row found = table.lookAgain(row, clock, freshness, isOwnBound(staleness));
        if (found == null) {
            return null;
        }
        stats.missed();
        if (found.minimumClock() < clock && !isOwnBound(staleness) && table.asksAhead(row)) {
            // Nothing will ever make this read wait: ask anew, for the next one.
            ask(table, row, staleness, true, clock);
        }
        return read(table, found, clock);
    }

    private Row await(final WorkerTable table, final int row, final int staleness, final long freshness,
            final long clock) {
        sendAsks(clock);
        final long since = wait.begin();
        final int shard = table.deltas().shardOf(row);
        if (table.isOneSided(row)) {
            wait.demand().waitsForShard(shard, since);
        } else {
            wait.demand().set(table.table().id(), row, clock, staleness, freshness,
                    table.deltas().requiredSequence(row), shard, since);
        }
        Row found;
        while ((found = table.lookAgain(row, clock, freshness, isOwnBound(staleness))) == null) {
            wait.await();
        }
        table.waited(wait.end(since));
        return found;
    }

    /** A negative one is the table's, see {@link Gate#TABLE_BOUND}. */
    private static boolean isOwnBound(final int staleness) {
        return staleness >= 0;
    }

    private static long freshness(final int staleness, final long clock) {
        return Math.max(0, clock - staleness);
    }

    private static Row read(final WorkerTable table, final Row row, final long clock) {
        table.recorder().record(clock - row.minimumClock());
        return row;
    }

    /** Asks for a row that a read under the table's own model would wait for; once in a clock. */
    void refresh(final WorkerTable table, final int row, final long clock) {
        if (!table.isOneSided(row) && !table.isFresh(row, table.freshness(clock), false)
                && table.asksFirst(row, clock)) {
            ask(table, row, table.ownBound(), false, clock);
        }
    }

    void refresh(final WorkerTable table, final int row, final Refresh how, final long clock) {
        if (table.isOneSided(row)) {
            if (how == Refresh.AGGRESSIVE) {
                table.lookAgain(row, clock, table.freshness(clock), false);
            }
        } else if (how == Refresh.CONSERVATIVE) {
            refresh(table, row, clock);
        } else if (table.cachedMinimumClock(row) < clock) {
            ask(table, row, table.ownBound(), true, clock);
        }
    }

    /** Asks for a row that a read with a bound of the reader's own would wait for. */
    void refresh(final WorkerTable table, final int row, final int staleness, final long clock) {
        if (!table.isOneSided(row) && !table.isFresh(row, freshness(staleness, clock), true)) {
            ask(table, row, staleness, false, clock);
        }
    }

    private void ask(final WorkerTable table, final int row, final int staleness, final boolean wantsNewer,
            final long clock) {
        final int id = table.table().id();
        if (!asks.hasRoomFor(id, staleness, wantsNewer)) {
            sendAsks(clock);
        }
        asks.add(id, staleness, wantsNewer, row);
    }

    /** Before the clock advances, or the worker waits. */
    void sendAsks(final long clock) {
        if (!asks.send(commands, clock)) {
            final long since = wait.begin();
            do {
                wait.await();
            } while (!asks.send(commands, clock));
            wait.end(since);
        }
    }
}
