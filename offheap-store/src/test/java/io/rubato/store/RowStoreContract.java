package io.rubato.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.port.RowStore;
import io.rubato.port.StoreFactory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store behind the port must do. Values are small whole numbers, so that sums of floats are exact too. */
abstract class RowStoreContract {
    static final long JOB = 4711;
    private static final int[] WIDTHS = {1, 2, 3, 6, 7, 8, 13, 14, 15, 16, 33, 100, 128, 1000};

    private final Arena arena = Arena.ofConfined();

    /** A factory whose stores are all new to the test. */
    abstract StoreFactory factory();

    @AfterEach
    final void freeBuffers() {
        arena.close();
    }

    static Table table(final int id, final String name, final long rows, final int columns, final ElementType type) {
        return new Table(id, new TableSpec(name, rows, columns, type, Consistency.ssp(3)));
    }

    static long get(final ElementType type, final MemorySegment segment, final long offset) {
        return switch (type) {
            case F32 -> (long) segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset);
            case F64 -> (long) segment.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, offset);
            case I32 -> segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
            case I64 -> segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        };
    }

    static void put(final ElementType type, final MemorySegment segment, final long offset, final long value) {
        switch (type) {
            case F32 -> segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, value);
            case F64 -> segment.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, offset, value);
            case I32 -> segment.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) value);
            case I64 -> segment.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
        }
    }

    @ParameterizedTest
    @EnumSource
    final void aNewStoreHoldsZeros(final ElementType type) {
        try (RowStore store = factory().open(JOB, table(0, "t", 5, 7, type), 0, 5, 2)) {
            assertRows(type, store, new long[5][7], "new");
        }
    }

    @ParameterizedTest
    @EnumSource
    final void anyMixOfDeltasAddsUp(final ElementType type) {
        final SplittableRandom random = new SplittableRandom(7);
        for (int t = 0; t < WIDTHS.length; t++) {
            final int columns = WIDTHS[t];
            final long[][] expected = new long[5][columns];
            try (RowStore store = factory().open(JOB, table(t, "w" + columns, 5, columns, type), 0, 5, 1)) {
                for (int i = 0; i < 100; i++) {
                    final int row = random.nextInt(5);
                    if (random.nextBoolean()) {
                        addDense(type, store, row, expected[row], random);
                    } else {
                        addSparse(type, store, row, expected[row], random);
                    }
                }
                assertRows(type, store, expected, columns + " columns");
            }
        }
    }

    @Test
    final void aSparseDeltaMayNameAColumnTwiceOrNone() {
        try (RowStore store = factory().open(JOB, table(0, "t", 1, 4, ElementType.I64), 0, 1, 1)) {
            final MemorySegment columns = arena.allocateFrom(ValueLayout.JAVA_INT, 2, 0, 2);
            final MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, 10, 5, 7);
            store.addSparse(0, columns, 0, values, 0, 3);
            store.addSparse(0, columns, 0, values, 0, 0);
            assertRows(ElementType.I64, store, new long[][] {{5, 0, 17, 0}}, "after the sparse delta");
        }
    }

    @Test
    final void integersWrap() {
        try (RowStore store = factory().open(JOB, table(0, "t", 1, 3, ElementType.I32), 0, 1, 1)) {
            final MemorySegment delta = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.MAX_VALUE, 1, -1);
            store.add(0, delta, 0);
            store.add(0, delta, 0);
            assertRows(ElementType.I32, store, new long[][] {{-2, 2, -2}}, "twice");
        }
    }

    @Test
    final void aDeltaMayComeByAbsoluteAddress() {
        try (RowStore store = factory().open(JOB, table(0, "t", 2, 2, ElementType.F64), 0, 2, 1)) {
            final MemorySegment delta = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, 3, 4);
            final MemorySegment column = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
            store.add(1, Memory.ALL, delta.address());
            store.addSparse(1, Memory.ALL, column.address(), Memory.ALL, delta.address(), 1);
            assertRows(ElementType.F64, store, new long[][] {{0, 0}, {3, 7}}, "by address");
        }
    }

    @Test
    final void rowsOfFloatsTravelInBf16() {
        for (int t = 0; t < WIDTHS.length; t++) {
            final int columns = WIDTHS[t];
            final int offset = 3;
            try (RowStore store = factory().open(JOB, table(t, "w" + columns, 3, columns, ElementType.F32), 0, 3, 1)) {
                final MemorySegment delta = arena.allocate(offset + 2L * columns);
                final MemorySegment exact = arena.allocate(4L * columns, 4);
                final long[][] expected = new long[3][columns];
                for (int column = 0; column < columns; column++) {
                    delta.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset + 2L * column,
                            (short) (Float.floatToIntBits(column % 7 - 3) >>> 16));
                    exact.setAtIndex(ValueLayout.JAVA_FLOAT, column, 257);
                    expected[1][column] = 257 + column % 7 - 3;
                }
                store.add(1, exact, 0);
                store.addBf16(1, delta, offset);
                assertRows(ElementType.F32, store, expected, columns + " columns");
                final MemorySegment rounded = arena.allocate(offset + 2L * columns + 8).fill((byte) 0x5a);
                store.readBf16(1, rounded, offset);
                for (int column = 0; column < columns; column++) {
                    // From 256 on bf16 holds every other whole number; ties go to the even multiple of 2.
                    final long[] even = {254, 255, 256, 256, 258, 260, 260};
                    assertEquals(even[column % 7], Float.intBitsToFloat(
                            rounded.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset + 2L * column) << 16));
                }
                assertEquals(0x5a, rounded.get(ValueLayout.JAVA_BYTE, offset + 2L * columns), "the byte behind");
            }
        }
    }

    @Test
    final void storesOfAFactoryAreIndependent() {
        final StoreFactory factory = factory();
        final Table a = table(0, "a", 2, 2, ElementType.I32);
        final Table b = table(1, "b", 2, 2, ElementType.I32);
        try (RowStore a0 = factory.open(JOB, a, 0, 1, 1);
                RowStore a1 = factory.open(JOB, a, 1, 1, 1);
                RowStore b0 = factory.open(JOB, b, 0, 1, 1)) {
            a0.add(0, arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2), 0);
            b0.add(0, arena.allocateFrom(ValueLayout.JAVA_INT, 3, 4), 0);
            assertRows(ElementType.I32, a0, new long[][] {{1, 2}}, "table a, shard 0");
            assertRows(ElementType.I32, a1, new long[][] {{0, 0}}, "table a, shard 1");
            assertRows(ElementType.I32, b0, new long[][] {{3, 4}}, "table b, shard 0");
        }
    }

    @Test
    final void clocksAndSequencesLeaveTheRowsAlone() {
        try (RowStore store = factory().open(JOB, table(0, "t", 2, 16, ElementType.I64), 0, 2, 3)) {
            store.minimumClock(Long.MAX_VALUE);
            for (int client = 0; client < 3; client++) {
                store.applyingSequence(client, Long.MAX_VALUE - client);
                store.appliedSequence(client, Long.MAX_VALUE - client);
            }
            assertRows(ElementType.I64, store, new long[2][16], "after the clocks");
        }
    }

    private void addDense(final ElementType type, final RowStore store, final int row, final long[] expected,
            final SplittableRandom random) {
        final int offset = random.nextInt(20);
        final MemorySegment delta = arena.allocate(offset + (long) expected.length * type.bytes());
        for (int column = 0; column < expected.length; column++) {
            final int value = random.nextInt(-100, 100);
            put(type, delta, offset + (long) column * type.bytes(), value);
            expected[column] += value;
        }
        store.add(row, delta, offset);
    }

    private void addSparse(final ElementType type, final RowStore store, final int row, final long[] expected,
            final SplittableRandom random) {
        final int offset = random.nextInt(20);
        final int count = random.nextInt(expected.length + 1);
        final MemorySegment columns = arena.allocate(offset + (long) count * Integer.BYTES);
        final MemorySegment values = arena.allocate(offset + (long) count * type.bytes());
        for (int i = 0; i < count; i++) {
            final int column = random.nextInt(expected.length);
            final int value = random.nextInt(-100, 100);
            columns.set(ValueLayout.JAVA_INT_UNALIGNED, offset + (long) i * Integer.BYTES, column);
            put(type, values, offset + (long) i * type.bytes(), value);
            expected[column] += value;
        }
        store.addSparse(row, columns, offset, values, offset, count);
    }

    private void assertRows(final ElementType type, final RowStore store, final long[][] expected, final String what) {
        final int offset = 5;
        final byte guard = 0x5a;
        for (int row = 0; row < expected.length; row++) {
            final int rowBytes = expected[row].length * type.bytes();
            final MemorySegment target = arena.allocate(offset + rowBytes + 64L).fill(guard);
            store.read(row, target, offset);
            for (int column = 0; column < expected[row].length; column++) {
                assertEquals(expected[row][column], get(type, target, offset + (long) column * type.bytes()),
                        what + ", row " + row + ", column " + column);
            }
            assertEquals(guard, target.get(ValueLayout.JAVA_BYTE, offset - 1), what + ": the byte before");
            assertEquals(guard, target.get(ValueLayout.JAVA_BYTE, offset + rowBytes), what + ": the byte behind");
        }
    }
}
