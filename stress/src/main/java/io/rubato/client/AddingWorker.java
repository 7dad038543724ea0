package io.rubato.client;

import io.rubato.Row;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.agrona.DirectBuffer;

/**
 * A worker that adds ones to the first columns of two rows and reads them back through a cache of one row. Other
 * workers add one to the last columns of each row every few clocks, so that a row with the minimum clock m holds at
 * least m divided by that number there. A subclass plays agent and shard, on another thread.
 */
abstract class AddingWorker implements Commands.Handler {
    static final int ROWS = 2;
    static final int OWN = 3;
    static final int COLUMNS = 6;
    static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG;

    final Commands commands = new Commands(ClientMemory.MIN_COMMAND_BYTES);
    final ShardProgress progress = new ShardProgress(1);
    private final int clocksPerAdd;
    private final MemorySegment delta = Arena.global().allocate(I64, COLUMNS);
    private final long[] added = new long[ROWS];
    private int turn;

    AddingWorker(final int clocksPerAdd) {
        this.clocksPerAdd = clocksPerAdd;
        for (int column = 0; column < OWN; column++) {
            delta.setAtIndex(I64, column, 1);
        }
    }

    /** The worker's side of the table; its cache has one row. */
    abstract WorkerTable table();

    /** The worker's turn. */
    final String read() {
        turn++;
        final DeltaLog log = table().deltas().log(0);
        table().deltas().reclaim(0);
        add(log, turn % ROWS);
        if ((turn % 3 == 0 || log.isFull()) && log.sealed() < log.next()
                && commands.flush(0, 0, log.sealed(), log.next(), 0)) {
            log.seal();
        }
        final int row = (turn >> 1) % ROWS;
        final Row found = table().lookAgain(row, turn, 0, false);
        return found == null ? "waits" : verdict(found, added[row]);
    }

    private void add(final DeltaLog log, final int row) {
        if (!table().incOpen(row, delta.address())) {
            if (log.isFull()) {
                return;
            }
            table().incNew(row, delta.address(), 0);
        }
        added[row]++;
    }

    private String verdict(final Row found, final long expected) {
        final long own = found.getLong(0);
        final long others = found.getLong(OWN);
        for (int column = 0; column < COLUMNS; column++) {
            if (found.getLong(column) != (column < OWN ? own : others)) {
                return "torn";
            }
        }
        return own < expected ? "lost" : own > expected ? "doubled"
                : others < found.minimumClock() / clocksPerAdd ? "too old" : "all";
    }

    @Override
    public final boolean onClock(final long clock) {
        throw new IllegalStateException("never sent");
    }

    @Override
    public final boolean onRead(final int tableId, final long clock, final int staleness, final boolean wantsNewer,
            final DirectBuffer rows, final int offset, final int count) {
        throw new IllegalStateException("never sent");
    }
}
