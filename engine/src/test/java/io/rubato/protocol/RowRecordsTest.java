package io.rubato.protocol;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.testing.Messages;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RowRecordsTest {
    private static final int ROWS = 5;
    private static final TableSpec SPEC = new TableSpec("t", 100, 3, ElementType.I64, Consistency.bsp());

    private static void check(final int count, final byte[]... records) {
        final byte[] run = Messages.run(records);
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(run.length + 16));
        buffer.setMemory(0, buffer.capacity(), (byte) 1);
        buffer.putBytes(8, run);
        RowRecords.check(SPEC, ROWS, count, buffer, 8, run.length);
    }

    private static void refuse(final int count, final byte[]... records) {
        assertThrows(BadMessageException.class, () -> check(count, records));
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
    void aRunThatLeavesTheMessageIsRefused() {
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        for (final int[] range : new int[][] {{0, 65}, {60, 8}, {-1, 4}, {0, -1}, {64, 1}, {8, Integer.MAX_VALUE}}) {
            assertThrows(IndexOutOfBoundsException.class,
                    () -> RowRecords.check(SPEC, ROWS, 0, buffer, range[0], range[1]));
        }
    }
}
