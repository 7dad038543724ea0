package io.rubato.store;

import io.rubato.Table;
import io.rubato.port.RowStore;
import io.rubato.stress.MarkedRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A slab, mapped twice. The writer adds one to all elements of a row at a time, so n additions make a row of n.
 */
final class SharedSlab {
    /** The row is being written. */
    static final long BUSY = -3;

    /** So many rows has a message of {@link #applyMessage}. */
    static final int MESSAGE_ROWS = 3;

    private final int columns;
    private final RowStore store;
    private final SlabReader reader;
    private final MemorySegment ones;
    private final MemorySegment columnIds;
    private final MemorySegment copy;
    /** The writer's. */
    private long sequence;
    /** The reader's. */
    private int turn;

    /** The file has no name any more when this returns, so it goes with the process. */
    SharedSlab(final int rows, final int columns) {
        final Table table = MarkedRows.table(rows, columns);
        this.columns = columns;
        this.ones = MarkedRows.row(columns);
        MarkedRows.fill(ones, columns, 1);
        this.columnIds = Arena.global().allocate(ValueLayout.JAVA_INT, columns);
        for (int column = 0; column < columns; column++) {
            columnIds.setAtIndex(ValueLayout.JAVA_INT, column, column);
        }
        this.copy = MarkedRows.row(columns);
        try {
            final Path directory = Files.createTempDirectory("rubato-stress");
            final Path file = SlabStoreFactory.file(directory, table.spec().name(), 0);
            this.store = new SlabStoreFactory(directory).open(1, table, 0, rows, 1);
            this.reader = new SlabReader(file, 0);
            Files.delete(file);
            Files.delete(directory);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For the writer. */
    RowStore store() {
        return store;
    }

    /** For the reader. */
    SlabReader reader() {
        return reader;
    }

    /** The writer adds one, as a dense or a sparse delta. */
    void addOne(final int row, final boolean dense) {
        if (dense) {
            store.add(row, ones, 0);
        } else {
            store.addSparse(row, columnIds, 0, ones, 0, columns);
        }
    }

    /** What the reader finds: how often one was added, {@link MarkedRows#TORN} or {@link #BUSY}. */
    long read(final int row) {
        return reader.tryRead(row, copy, 0) ? MarkedRows.uniform(copy, columns) : BUSY;
    }

    /** The writer applies the next message of client 0, which adds one to every row. */
    void applyMessage(final boolean announcesInTime) {
        sequence++;
        if (announcesInTime) {
            store.applyingSequence(0, sequence);
        }
        for (int row = 0; row < MESSAGE_ROWS; row++) {
            addOne(row, true);
        }
        if (!announcesInTime) {
            store.applyingSequence(0, sequence);
        }
        store.appliedSequence(0, sequence);
    }

    /** The reader takes the applied sequence, the next row, and the applying sequence. */
    String readBetweenSequences() {
        turn = turn + 1 == MESSAGE_ROWS ? 0 : turn + 1;
        final long before = reader.appliedSequence();
        final long messages = read(turn);
        final long after = reader.applyingSequence();
        if (messages == BUSY) {
            return "busy";
        }
        if (messages == MarkedRows.TORN) {
            return "torn";
        }
        return messages < before ? "missing" : messages > after ? "ahead" : before == after ? "exact" : "between";
    }
}
