package io.rubato.protocol;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.testing.Messages;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RowRecordsTest {
    private static final int ROWS = 5;
    private static final TableSpec SPEC = new TableSpec("t", 100, 3, ElementType.I64, Consistency.bsp());

    private static final TableSpec BF16 =
            new TableSpec("t", 100, 3, ElementType.F32, Consistency.bsp(), Encoding.BF16);

    private static void check(final int count, final byte[]... records) {
        check(SPEC, count, records);
    }

    private static void check(final TableSpec spec, final int count, final byte[]... records) {
        final byte[] run = Messages.run(records);
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(run.length + 16));
        buffer.setMemory(0, buffer.capacity(), (byte) 1);
        buffer.putBytes(8, run);
        RowRecords.check(spec, ROWS, count, buffer, 8, run.length);
        final long[] rows = new long[count];
        long at = buffer.addressOffset() + 8;
        for (int i = 0; i < count; i++) {
            rows[i] = RowRecords.row(at);
            at += RowRecords.length(spec, RowRecords.count(at));
        }
        assertEquals(buffer.addressOffset() + 8 + run.length, at, "the walk over rows " + Arrays.toString(rows));
    }

    private static void refuse(final int count, final byte[]... records) {
        refuse(SPEC, count, records);
    }

    @Test
    void runsThatAreRightPass() {
        assertDoesNotThrow(() -> check(0));
        assertDoesNotThrow(
                () -> check(2, Messages.dense(0, 1, 2, 3), Messages.sparse(4, new int[] {2, 0, 2}, 1, 2, 3)));
        assertDoesNotThrow(() -> check(1, Messages.sparse(4, new int[0])));
    }

    @Test
    void countsThatDoNotFitTheRunAreRefused() {
        refuse(-1);
        refuse(Integer.MIN_VALUE);
        refuse(1);
        refuse(0, Messages.dense(0, 1, 2, 3));
        refuse(2, Messages.dense(0, 1, 2, 3));
        refuse(1, Messages.dense(0, 1, 2, 3), new byte[1]);
        refuse(1, Messages.dense(0, 1, 2, 3), Messages.dense(0, 1, 2, 3));
        refuse(Integer.MAX_VALUE, Messages.dense(0, 1, 2, 3));
    }

    @Test
    void rowsAndColumnsOutsideTheTableAreRefused() {
        refuse(1, Messages.dense(-1, 1, 2, 3));
        refuse(1, Messages.dense(ROWS, 1, 2, 3));
        refuse(1, Messages.sparse(0, new int[] {3}, 1));
        refuse(1, Messages.sparse(0, new int[] {-1}, 1));
        refuse(1, Messages.sparse(0, new int[] {0, 1, 2, 0}, 1, 2, 3, 4));
    }

    @Test
    void ofManyThatAreAlikeTheWrongOneIsNamed() {
        final byte[][] records = new byte[20][];
        Arrays.setAll(records, i -> Messages.dense(i % ROWS, 1, 2, 3));
        records[3] = Messages.sparse(0, new int[] {1}, 7);
        assertDoesNotThrow(() -> check(records.length, records));
        for (final int wrong : new int[] {0, 1, 4, 13, 19}) {
            final byte[][] spoilt = records.clone();
            spoilt[wrong] = Messages.dense(ROWS, 1, 2, 3);
            final BadMessageException e =
                    assertThrows(BadMessageException.class, () -> check(spoilt.length, spoilt));
            assertEquals("record " + wrong + " of 20 has row 5 of 5 and count -1 of 3", e.getMessage());
        }
    }

    @Test
    void aRunOfDenseRecordsEndsWhereTheyAreNotAlike() {
        final byte[] run = Messages.run(Messages.denseBf16(0, 1, 2, 3), Messages.denseBf16(1, 1, 2, 3),
                Messages.denseFloats(2, 1, 2, 3), Messages.sparseFloats(4, new int[] {2, 0}, 1, 2));
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(run.length));
        buffer.putBytes(0, run);
        final long narrow = buffer.addressOffset();
        final long exact = narrow + 2L * RowRecords.denseLength(BF16);
        assertEquals(2, RowRecords.denseRun(narrow, RowRecords.DENSE_BF16, RowRecords.denseLength(BF16), 4));
        assertEquals(2, RowRecords.denseRun(narrow, RowRecords.DENSE_BF16, RowRecords.denseLength(BF16), 2));
        assertEquals(1, RowRecords.denseRun(narrow, RowRecords.DENSE_BF16, RowRecords.denseLength(BF16), 1));
        assertEquals(1, RowRecords.denseRun(exact, RowRecords.DENSE, RowRecords.exactLength(BF16), 2));
        Reference.reachabilityFence(buffer);
    }

    @Test
    void recordsThatAreCutOffAreRefused() {
        refuse(1, Messages.dense(0, 1, 2));
        refuse(1, Messages.sparse(0, new int[] {0, 1}, 1));
        refuse(1, new byte[7]);
        for (final int columns : new int[] {-2, Integer.MIN_VALUE, Integer.MAX_VALUE, 4}) {
            final byte[] record = Messages.dense(0, 1, 2, 3);
            ByteBuffer.wrap(record).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(4, columns);
            refuse(1, record);
        }
    }

    @Test
    void tablesInBf16HaveRecordsOfThreeForms() {
        assertDoesNotThrow(() -> check(BF16, 4, Messages.denseBf16(0, 1, 2, 3), Messages.denseFloats(1, 1, 2, 3),
                Messages.sparseFloats(4, new int[] {2, 0}, 1, 2), Messages.denseBf16(1, 4, 5, 6)));
    }

    @Test
    void recordsInBf16AreCheckedToo() {
        refuse(BF16, 1, Messages.denseBf16(ROWS, 1, 2, 3));
        refuse(BF16, 1, Messages.denseBf16(0, 1, 2));
        refuse(BF16, 1, Messages.denseBf16(0, 1, 2, 3, 4));
        refuse(BF16, 1, Messages.denseFloats(0, 1, 2));
        refuse(BF16, 2, Messages.denseBf16(0, 1, 2, 3), new byte[7]);
        for (final int count : new int[] {-3, Integer.MIN_VALUE, 4, Integer.MAX_VALUE}) {
            final byte[] record = Messages.denseBf16(0, 1, 2, 3);
            ByteBuffer.wrap(record).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(4, count);
            refuse(BF16, 1, record);
        }
    }

    @Test
    void onlyTablesThatTravelInBf16HaveSuchRecords() {
        final TableSpec exact = new TableSpec("t", 100, 3, ElementType.F32, Consistency.bsp());
        assertDoesNotThrow(() -> check(exact, 1, Messages.denseFloats(0, 1, 2, 3)));
        refuse(exact, 1, Messages.denseBf16(0, 1, 2, 3));
    }

    @Test
    void imagesHaveTheFormOfTheirTable() {
        for (final byte[] record : new byte[][] {Messages.denseFloats(0, 1, 2, 3),
                Messages.sparseFloats(0, new int[] {1}, 2)}) {
            final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(record.length));
            buffer.putBytes(0, record);
            assertThrows(BadMessageException.class, () -> RowRecords.checkDense(BF16, 1, buffer, 0));
        }
    }

    private static void refuse(final TableSpec spec, final int count, final byte[]... records) {
        assertThrows(BadMessageException.class, () -> check(spec, count, records));
    }

    @Test
    void aRunThatLeavesTheMessageIsRefused() {
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        for (final int[] range : new int[][] {{0, 65}, {60, 8}, {-1, 4}, {0, -1}, {64, 1}, {8, Integer.MAX_VALUE}}) {
            assertThrows(IndexOutOfBoundsException.class,
                    () -> RowRecords.check(SPEC, ROWS, 0, buffer, range[0], range[1]));
        }
    }
}
