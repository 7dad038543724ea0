package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.port.RowStore;
import io.rubato.store.SlabReader;
import io.rubato.store.SlabStoreFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/**
 * A worker that adds ones to the first columns of two rows and reads them back one-sidedly through a cache of one row,
 * and an agent that plays the shard as well: it gives the worker's records a sequence number, adds them to a slab, and
 * acknowledges. Other workers add one to the last columns of each row in every clock, so that a row read under the
 * minimum clock m holds at least m there.
 */
final class OneSidedDeltas {
    private static final int ROWS = 2;
    private static final int OWN = 3;
    private static final int COLUMNS = 6;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG;
    private static final TableSpec SPEC =
            new TableSpec("stress", ROWS, COLUMNS, ElementType.I64, Consistency.asp());

    private final boolean announcesInTime;
    private final RowStore store;
    private final WorkerTable table;
    private final Commands commands = new Commands(ClientMemory.MIN_COMMAND_BYTES);
    private final ShardProgress progress = new ShardProgress(1);
    private final MemorySegment delta = Arena.global().allocate(I64, COLUMNS);
    private final long[] added = new long[ROWS];
    private final Shard shard = new Shard();
    private int turn;

    /** A shard that does not announce in time what it is about to apply must be found out. */
    OneSidedDeltas(final boolean announcesInTime) {
        this.announcesInTime = announcesInTime;
        final Table named = new Table(0, SPEC);
        try {
            final Path directory = Files.createTempDirectory("rubato-stress");
            final Path file = SlabStoreFactory.file(directory, SPEC.name(), 0);
            this.store = new SlabStoreFactory(directory).open(1, named, 0, ROWS, 1);
            final SlabReader reader = SlabReader.of(directory, 1, named, 0, ROWS, 1);
            Files.delete(file);
            Files.delete(directory);
            this.table = new WorkerTable(named, null, TableViews.open((_, _, _, _, _) -> reader, 1, named, 1, 1, 0),
                    progress, 1, 1, 1 << 16, Arena.ofShared());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int column = 0; column < OWN; column++) {
            delta.setAtIndex(I64, column, 1);
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
                : others < found.minimumClock() ? "too old" : "all";
    }

    /** The agent's and the shard's turn. */
    void apply() {
        shard.work();
    }

    private final class Shard implements Commands.Handler {
        private final MemorySegment ofOthers = Arena.global().allocate(I64, COLUMNS);
        private long minimumClock;
        private long applied;
        private int turn;

        Shard() {
            for (int column = OWN; column < COLUMNS; column++) {
                ofOthers.setAtIndex(I64, column, 1);
            }
        }

        void work() {
            turn++;
            commands.drain(this, 1);
            if (turn % 2 == 0) {
                for (int row = 0; row < ROWS; row++) {
                    store.add(row, ofOthers, 0);
                }
                store.minimumClock(++minimumClock);
            }
            if (turn % 5 == 0) {
                progress.acknowledged(0, applied);
            }
        }

        @Override
        public boolean onFlush(final int tableId, final int ofShard, final long from, final long to,
                final long clock) {
            final DeltaLog log = table.log(0);
            applied++;
            for (long n = from; n < to; n++) {
                log.sequence(n, applied);
            }
            if (announcesInTime) {
                store.applyingSequence(0, applied);
            }
            for (long n = from; n < to; n++) {
                store.add(log.row(n), log.values(), log.valueOffset(n));
            }
            if (!announcesInTime) {
                store.applyingSequence(0, applied);
            }
            store.appliedSequence(0, applied);
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
