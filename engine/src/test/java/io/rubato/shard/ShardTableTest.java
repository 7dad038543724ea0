package io.rubato.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.port.RowStore;
import io.rubato.protocol.RowRecords;
import io.rubato.testing.Messages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a shard writes to its memory, and what it does if a client writes to deltas that it has sent. */
class ShardTableTest {
    private static final int ROWS = 10;
    private static final Table TABLE =
            new Table(0, new TableSpec("t", ROWS, 2, ElementType.I64, Consistency.asp()));

    private final List<String> calls = new ArrayList<>();
    private Runnable onAdd = () -> {};

    private final class RecordingStore implements RowStore {
        @Override
        public void add(final int row, final MemorySegment delta, final long offset) {
            calls.add("add " + row);
            onAdd.run();
        }

        @Override
        public void addBf16(final int row, final MemorySegment delta, final long offset) {
            calls.add("addBf16 " + row);
        }

        @Override
        public void addSparse(final int row, final MemorySegment columns, final long columnOffset,
                final MemorySegment values, final long valueOffset, final int count) {
            calls.add("addSparse " + row);
        }

        @Override
        public void read(final int row, final MemorySegment target, final long offset) {
            calls.add("read " + row);
        }

        @Override
        public void readBf16(final int row, final MemorySegment target, final long offset) {
            calls.add("readBf16 " + row);
        }

        @Override
        public void minimumClock(final long clock) {
            calls.add("minimumClock " + clock);
        }

        @Override
        public void applyingSequence(final int client, final long sequence) {
            calls.add("applying " + sequence + " of " + client);
        }

        @Override
        public void appliedSequence(final int client, final long sequence) {
            calls.add("applied " + sequence + " of " + client);
        }

        @Override
        public MemorySegment openLog(final int worker) {
            throw new AssertionError("no log");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private void apply(final MemorySegment records, final int count) {
        new ShardTable(TABLE, ROWS, new RecordingStore(), 3, 3)
                .apply(2, 5, records.address(), (int) records.byteSize(), count);
    }

    private static MemorySegment records(final byte[]... records) {
        final byte[] run = Messages.run(records);
        return Arena.ofAuto().allocate(run.length, 8).copyFrom(MemorySegment.ofArray(run));
    }

    /** One-sided readers rely on it. */
    @Test
    void aMessageIsAnnouncedBeforeItsFirstRowAndDoneAfterItsLast() {
        apply(records(Messages.dense(7, 1, 2), Messages.sparse(7, new int[] {1}, 3), Messages.dense(8, 1, 2),
                Messages.dense(9, 1, 2)), 4);
        assertEquals(List.of("applying 5 of 2", "add 7", "addSparse 7", "add 8", "add 9", "applied 5 of 2"), calls);
    }

    /** A sparse record that has become longer than what was checked, at the run's end or in its middle. */
    @Test
    void nothingBehindTheRunIsReadIfAClientWritesToIt() {
        for (final int later : new int[] {1, 2}) {
            for (final int count : new int[] {RowRecords.DENSE, 1 << 20, Integer.MAX_VALUE}) {
                final MemorySegment records = records(Messages.dense(7, 1, 2), Messages.sparse(1, new int[] {1}, 3),
                        Messages.sparse(2, new int[] {1}, 3));
                final int sparse = RowRecords.sparseLength(TABLE.spec(), 1);
                onAdd = () -> RowRecords.header(
                        records.address() + RowRecords.denseLength(TABLE.spec()) + (later - 1L) * sparse, later, count);
                final IllegalStateException e = assertThrows(IllegalStateException.class, () -> apply(records, 3));
                assertEquals("deltas to table t changed after they were sent", e.getMessage());
            }
        }
    }
}
