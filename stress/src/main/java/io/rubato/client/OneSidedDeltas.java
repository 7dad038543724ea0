package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.port.RowStore;
import io.rubato.protocol.RowRecords;
import io.rubato.store.SlabReader;
import io.rubato.store.SlabStoreFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The worker reads one-sidedly, and shares its log. The agent plays the shard as well: it gives the worker's records a
 * sequence number, adds them to a slab from a mapping of the log that is its own, and acknowledges.
 */
final class OneSidedDeltas extends AddingWorker {
    private static final TableSpec SPEC =
            new TableSpec("stress", ROWS, COLUMNS, ElementType.I64, Consistency.asp());

    private final boolean announcesInTime;
    private final RowStore store;
    private final WorkerTable table;
    private final MemorySegment shared;
    private final MemorySegment ofOthers = Arena.global().allocate(I64, COLUMNS);
    private long minimumClock;
    private long applied;
    private int turn;

    /** A shard that does not announce in time what it is about to apply must be found out. */
    OneSidedDeltas(final boolean announcesInTime) {
        super(1);
        this.announcesInTime = announcesInTime;
        final Table named = new Table(0, SPEC);
        try {
            final Path directory = Files.createTempDirectory("rubato-stress");
            final Path file = SlabStoreFactory.file(directory, SPEC.name(), 0);
            this.store = new SlabStoreFactory(directory).open(1, named, 0, ROWS, 1);
            final SlabReader reader = SlabReader.of(directory, 1, named, 0, ROWS, 1, 0);
            this.table =
                    new WorkerTable(named, 0, null, TableViews.open((_, _, _, _, _, _) -> reader, 1, named, 1, 1, 0),
                            progress, 1, 1, 1 << 16, Arena.ofShared());
            final DeltaLog log = table.deltas().log(0);
            log.stream();
            log.clear(log.append(0, true, -1));
            this.shared = store.openLog(0);
            Files.delete(directory.resolve(SPEC.name() + ".0.0.deltas"));
            Files.delete(file);
            Files.delete(directory);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int column = OWN; column < COLUMNS; column++) {
            ofOthers.setAtIndex(I64, column, 1);
        }
    }

    /** What it appends next is shared. */
    @Override
    WorkerTable table() {
        table.deltas().log(0).stream();
        return table;
    }

    /** The agent's and the shard's turn. */
    void apply() {
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
    public boolean onFlush(final int tableId, final int shard, final long from, final long to, final long clock) {
        final DeltaLog log = table.deltas().log(shard);
        applied++;
        for (long n = from; n < to; n++) {
            log.sequence(n, applied);
        }
        if (announcesInTime) {
            store.applyingSequence(0, applied);
        }
        for (long n = from; n < to; n++) {
            if (log.sharedRun(n, n + 1) != 1) {
                throw new IllegalStateException("record " + n + " is not shared");
            }
            store.add(log.row(n), shared, log.sharedOffset(n) + RowRecords.HEADER_LENGTH);
        }
        if (!announcesInTime) {
            store.applyingSequence(0, applied);
        }
        store.appliedSequence(0, applied);
        return true;
    }
}
