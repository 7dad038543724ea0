package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * A worker that adds ones to the first columns of two rows and reads them back through a cache of one row, and an agent
 * that plays the shard as well: it sends the worker's deltas, brings images in and acknowledges. Other workers add one
 * to the last columns of each row in every second clock, so an image with the minimum clock m holds at least m/2 there.
 */
final class OwnDeltas {
    private static final int ROWS = 2;
    private static final int OWN = 3;
    private static final int COLUMNS = 6;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG;

    private final boolean isPushed;
    private final ProcessCache images;
    private final WorkerTable table;
    private final Commands commands = new Commands(ClientMemory.MIN_COMMAND_BYTES);
    private final ShardProgress progress = new ShardProgress(1);
    private final MemorySegment delta = Arena.global().allocate(I64, COLUMNS);
    private final long[] added = new long[ROWS];
    private final Agent agent = new Agent();
    private int turn;

    OwnDeltas(final Consistency consistency) {
        final TableSpec spec = new TableSpec("stress", ROWS, COLUMNS, ElementType.I64, consistency);
        this.isPushed = consistency.isPushed();
        this.images = new ProcessCache(spec, ROWS, Arena.ofShared());
        // A worker's cache of the least size has one row.
        this.table = new WorkerTable(new Table(0, spec), images, TableViews.none(1), progress, 1, 1, 1 << 16,
                Arena.ofShared());
        for (int column = 0; column < OWN; column++) {
            delta.setAtIndex(I64, column, 1);
        }
        for (int row = 0; row < ROWS; row++) {
            agent.bringImage(row);
        }
    }

    /** The worker's turn. */
    String read() {
        turn++;
        final DeltaLog log = table.log(0);
        table.reclaim(0);
        add(log, turn % ROWS);
        if ((turn % 3 == 0 || log.isFull()) && log.sealed() < log.next()
                && commands.flush(0, 0, log.sealed(), log.next(), 0)) {
            log.seal();
        }
        final int row = (turn >> 1) % ROWS;
        final Row found = table.lookAgain(row, turn, 0, false);
        return found == null ? "waits" : verdict(found, added[row]);
    }

    private void add(final DeltaLog log, final int row) {
        if (!table.incOpen(row, delta, 0)) {
            if (log.isFull()) {
                return;
            }
            table.incNew(row, delta, 0);
        }
        added[row]++;
    }

    private static String verdict(final Row found, final long expected) {
        final long own = found.getLong(0);
        final long others = found.getLong(OWN);
        for (int column = 0; column < COLUMNS; column++) {
            if (found.getLong(column) != (column < OWN ? own : others)) {
                return "torn";
            }
        }
        return own < expected ? "lost" : own > expected ? "doubled"
                : others < found.minimumClock() / 2 ? "too old" : "all";
    }

    /** The agent's turn. */
    void send() {
        agent.work();
    }

    private final class Agent implements Commands.Handler {
        private final MemorySegment image = Arena.global().allocate(I64, COLUMNS);
        private final ImageClocks clocks = new ImageClocks();
        private final long[] sums = new long[ROWS];
        private final boolean[] isChanged = new boolean[ROWS];
        private long others;
        private long minimumClock;
        private long applied;
        private long version;
        private int turn;

        void work() {
            turn++;
            commands.drain(this, 1);
            if (turn % 2 == 0) {
                tick();
                if (isPushed) {
                    push();
                }
            }
            if (!isPushed && turn % 3 == 0) {
                bringImage((turn & 4) >> 2);
            }
            // An acknowledgement comes with an image or without.
            if (turn % 5 == 0) {
                progress.acknowledged(0, applied);
            }
        }

        private void tick() {
            if (++minimumClock % 2 == 0) {
                others++;
                version++;
                Arrays.fill(isChanged, true);
            }
        }

        private void push() {
            for (int row = 0; row < ROWS; row++) {
                if (isChanged[row]) {
                    bringImage(row);
                    isChanged[row] = false;
                }
            }
            progress.acknowledged(0, applied);
            progress.pushed(0, minimumClock, applied);
        }

        void bringImage(final int row) {
            for (int column = 0; column < COLUMNS; column++) {
                image.setAtIndex(I64, column, column < OWN ? sums[row] : others);
            }
            images.put(row, clocks.set(minimumClock, minimumClock, applied, version, isPushed), image, 0, _ -> false);
        }

        @Override
        public boolean onFlush(final int tableId, final int shard, final long from, final long to, final long clock) {
            final DeltaLog log = table.log(shard);
            applied++;
            version++;
            for (long n = from; n < to; n++) {
                log.sequence(n, applied);
                sums[log.row(n)] += log.values().get(I64, log.valueOffset(n));
                isChanged[log.row(n)] = true;
            }
            return true;
        }

        @Override
        public boolean onClock(final long clock) {
            throw new IllegalStateException("never sent");
        }

        @Override
        public boolean onRead(final int tableId, final long clock, final int staleness, final boolean wantsNewer,
                final DirectBuffer rows, final int offset, final int count) {
            throw new IllegalStateException("never sent");
        }
    }
}
