package io.rubato.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.port.RowStore;
import io.rubato.protocol.RowRecords;
import io.rubato.testing.Messages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private void apply(final Table table, final MemorySegment records, final int count) {
        new ShardTable(table, ROWS, new RecordingStore(), 3, 3)
                .apply(2, 5, records.address(), (int) records.byteSize(), count);
    }

    private static MemorySegment records(final byte[]... records) {
        final byte[] run = Messages.run(records);
        return Arena.ofAuto().allocate(run.length, 8).copyFrom(MemorySegment.ofArray(run));
    }

    /** One-sided readers rely on it. */
    @Test
    void aMessageIsAnnouncedBeforeItsFirstRowAndDoneAfterItsLast() {
        apply(TABLE, records(Messages.dense(7, 1, 2), Messages.sparse(7, new int[] {1}, 3), Messages.dense(8, 1, 2),
                Messages.dense(9, 1, 2)), 4);
        assertEquals(List.of("applying 5 of 2", "add 7", "addSparse 7", "add 8", "add 9", "applied 5 of 2"), calls);
    }

    /** The first record is applied, and then the client changes the count of another one. */
    private void changeAfterTheFirst(final Table table, final int offset, final int count, final byte[]... sent) {
        final MemorySegment records = records(sent);
        final int row = RowRecords.row(records.address() + offset);
        onAdd = () -> RowRecords.header(records.address() + offset, row, count);
        calls.clear();
        final AgentTerminationException e =
                assertThrows(AgentTerminationException.class, () -> apply(table, records, sent.length));
        assertEquals("client 2 has changed deltas to table t after sending them", e.getMessage());
        assertEquals(List.of("applying 5 of 2", "add 7"), calls.subList(0, 2));
        assertFalse(calls.contains("applied 5 of 2"), calls.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {RowRecords.DENSE, RowRecords.DENSE_BF16, Integer.MIN_VALUE, 0, 3, 1 << 20, Integer.MAX_VALUE})
    void nothingBehindTheRunIsReadIfAClientWritesToIt(final int count) {
        final int dense = RowRecords.denseLength(TABLE.spec());
        final int sparse = RowRecords.sparseLength(TABLE.spec(), 1);
        final byte[] first = Messages.dense(7, 1, 2);
        final byte[] second = Messages.sparse(1, new int[] {1}, 3);
        changeAfterTheFirst(TABLE, dense, count, first, second);
        changeAfterTheFirst(TABLE, dense + sparse, count, first, second, second);
    }

    @ParameterizedTest
    @ValueSource(ints = {RowRecords.DENSE, -3, Integer.MIN_VALUE, 0, 3, Integer.MAX_VALUE})
    void norBehindOneOfBf16(final int count) {
        final Table table = new Table(0,
                new TableSpec("t", ROWS, 2, ElementType.F32, Consistency.asp(), Encoding.BF16));
        changeAfterTheFirst(table, RowRecords.exactLength(table.spec()), count, Messages.denseFloats(7, 1, 2),
                Messages.denseBf16(1, 1, 2));
    }

    /** The second record reaches up to four bytes before the run's end. */
    @Test
    void aHeaderBehindTheRunIsNotRead() {
        changeAfterTheFirst(TABLE, RowRecords.denseLength(TABLE.spec()), 2, Messages.dense(7, 1, 2),
                Messages.sparse(1, new int[] {1}, 3), Messages.sparse(1, new int[0]), Messages.sparse(1, new int[0]));
    }
}
