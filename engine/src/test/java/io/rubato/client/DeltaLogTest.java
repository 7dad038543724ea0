package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeltaLogTest {
    private static final TableSpec SPEC = new TableSpec("t", 100, 3, ElementType.I64, Consistency.bsp());

    private static final MemorySegment SUM = Arena.ofAuto().allocate(24, 8);

    private record Model(long number, int row, boolean dense, long sequence, long previous, long value) {
    }

    /** Appending, sealing, sending and freeing in any order, round the ring many times, against a plain queue. */
    @ParameterizedTest
    @CsvSource({"1,0", "2,4294967290", "4,2147483640", "32,0", "32,7"})
    void agreesWithAQueue(final int capacity, final long first) {
        final SplittableRandom random = new SplittableRandom(capacity);
        final DeltaLog log = new DeltaLog(SPEC, capacity, first, Arena.ofAuto(), DeltaLog.NOT_SHARED);
        final ArrayDeque<Model> model = new ArrayDeque<>();
        long next = first;
        long sealed = first;
        long sequence = 0;
        for (int step = 0; step < 4_000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    if (!log.isFull()) {
                        final Model record = new Model(next, random.nextInt(100), random.nextBoolean(), 0,
                                random.nextLong(-1, next + 1), random.nextLong());
                        assertEquals(next++, log.append(record.row(), record.dense(), record.previous()));
                        fill(log, record.number(), record.value());
                        model.add(record);
                    }
                }
                case 2 -> {
                    log.seal();
                    sealed = next;
                }
                default -> {
                    for (int i = random.nextInt(3); i > 0 && !model.isEmpty() && log.tail() < sealed; i--) {
                        log.sequence(log.tail(), ++sequence);
                        assertEquals(sequence, log.sequence(log.tail()));
                        free(log);
                        model.remove();
                    }
                }
            }
            check(log, model, next, sealed, capacity);
        }
        assertTrue(next - first > 20L * capacity, "round the ring only " + (next - first));
    }

    /** A run is what its records would be in a message, and is no shorter than it must be. */
    @Test
    void aRunOfRecordsLiesAsItTravels() {
        final int block = 16;
        final DeltaLog log = new DeltaLog(SPEC, 8 * block, Arena.ofAuto());
        for (int round = 0; round < 5; round++) {
            final long from = log.next();
            for (int i = 0; i < 3 * block; i++) {
                fill(log, log.append(i, i != 20, -1), i);
            }
            log.seal();
            for (int i = 0; i < 3 * block; i++) {
                final int end = i <= 20 && i >= block ? 20 : (i / block + 1) * block;
                final int length = log.run(from + i, log.next());
                assertEquals(i == 20 ? 0 : end - i, length);
                assertEquals(Math.min(length, 2), log.run(from + i, from + i + 2));
                for (int j = 0; j < length; j++) {
                    final long record = log.address(from + i) + (long) j * (8 + SPEC.rowBytes()) - 8;
                    assertEquals(i + j, RowRecords.row(record));
                    assertEquals(RowRecords.DENSE, RowRecords.count(record));
                    assertEquals(i + j + 2, Memory.ALL.get(ValueLayout.JAVA_LONG, record + 8 + 16));
                }
            }
            while (log.tail() < log.sealed()) {
                free(log);
            }
        }
    }

    /**
     * Rows remember the lower half of a number only: neither a wrap nor one that is long gone may be taken for another.
     */
    @Test
    void lowerHalvesOfNumbersAreEnough() {
        final NewestRecords newest = new NewestRecords(SPEC);
        final DeltaLog early = new DeltaLog(SPEC, 4, Arena.ofAuto());
        for (int row = 0; row < 100; row++) {
            assertTrue(newest.number(row, early) < early.tail());
        }
        newest.set(7, early.append(7, true, -1), early, 0, 1);
        assertEquals(0, newest.number(7, early));
        final DeltaLog half = new DeltaLog(SPEC, 4, NewestRecords.NUMBERS, Arena.ofAuto(), DeltaLog.NOT_SHARED);
        assertTrue(newest.number(7, half) < half.tail());
        newest.set(8, half.append(8, true, -1), half, 0, 1);
        final DeltaLog round =
                new DeltaLog(SPEC, 4, 2 * NewestRecords.NUMBERS - 1, Arena.ofAuto(), DeltaLog.NOT_SHARED);
        newest.set(9, round.append(9, true, -1), round, 0, 1);
        newest.set(10, round.append(10, true, -1), round, 0, 1);
        assertEquals(2 * NewestRecords.NUMBERS - 1, newest.number(9, round));
        assertEquals(2 * NewestRecords.NUMBERS, newest.number(10, round));
        for (final int row : new int[] {7, 8, 11}) {
            assertTrue(newest.number(row, round) < round.tail(), "row " + row + " has no record");
        }
    }

    @Test
    void freedSequencesAreKnownByTheirLowerHalves() {
        final DeltaLog log = new DeltaLog(SPEC, 4, Arena.ofAuto());
        assertEquals(0, log.freedSequence(0));
        final long[] sequences = {3, (1L << 32) - 1, (1L << 32) + 5};
        for (int i = 0; i < sequences.length; i++) {
            log.append(i, true, -1);
            log.seal();
            log.sequence(i, sequences[i]);
            free(log);
            assertEquals(sequences[i], log.freedSequence((int) sequences[i]));
        }
        assertEquals(sequences[1], log.freedSequence((int) sequences[1]));
        assertTrue(log.freedSequence(3) >= 3 && log.freedSequence(3) <= sequences[2], "at least, but acknowledged");
    }

    private static void fill(final DeltaLog log, final long number, final long value) {
        for (int c = 0; c < SPEC.columns(); c++) {
            Memory.ALL.set(ValueLayout.JAVA_LONG, log.address(number) + 8L * c, value + c);
        }
    }

    private static void check(final DeltaLog log, final ArrayDeque<Model> model, final long next, final long sealed,
            final int capacity) {
        assertEquals(next, log.next());
        assertEquals(sealed, log.sealed());
        assertEquals(next - model.size(), log.tail());
        assertEquals(model.size() == capacity, log.isFull());
        assertEquals(next - sealed >= capacity / 2, log.isHalfOpen());
        for (final Model record : model) {
            final long n = record.number();
            assertEquals(n >= sealed, log.isOpen(n));
            assertEquals(record.row(), log.row(n));
            assertEquals(record.dense(), log.isDense(n));
            assertEquals(record.sequence(), log.sequence(n));
            assertEquals(record.previous(), log.previous(n));
            final long before = SUM.get(ValueLayout.JAVA_LONG, 16);
            log.addTo(SUM.address(), n);
            assertEquals(before + record.value() + 2, SUM.get(ValueLayout.JAVA_LONG, 16));
        }
    }

    /**
     * A list of columns adds up to what it says, as a list and after it became a row; the slot's next record is a row.
     */
    @ParameterizedTest
    @EnumSource(ElementType.class)
    void aListBecomesARow(final ElementType type) {
        final TableSpec spec = new TableSpec("t", 100, 9, type, Consistency.bsp());
        final DeltaLog log = new DeltaLog(spec, 8, Arena.ofAuto());
        final int[] columns = {8, 0, 8};
        final long n = log.append(5, false, -1);
        log.markList(n, 3);
        switch (type) {
            case F32 -> ColumnLists.write(log.address(n), columns, new float[] {1, 2, 3}, 3);
            case F64 -> ColumnLists.write(log.address(n), columns, new double[] {1, 2, 3}, 3);
            default -> ColumnLists.write(type, log.address(n), columns, new long[] {1, 2, 3}, 3);
        }
        assertTrue(log.isList(n));
        assertFalse(log.isDense(n));
        assertEquals(3, log.listLength(n));
        assertEquals(0, log.run(n, n + 1));
        assertListed(spec, log, n);
        log.spread(n);
        assertFalse(log.isList(n));
        assertFalse(log.isDense(n));
        assertEquals(2, SparseRows.count(log, spec, n));
        assertListed(spec, log, n);
        log.markDense(n);
        assertEquals(1, log.run(n, n + 1));
    }

    private static void assertListed(final TableSpec spec, final DeltaLog log, final long n) {
        final MemorySegment sum = Arena.ofAuto().allocate(spec.rowBytes(), 8);
        log.addTo(sum.address(), n);
        log.addTo(sum.address(), n);
        for (int c = 0; c < spec.columns(); c++) {
            assertEquals(c == 8 ? 8 : c == 0 ? 4 : 0, Elements.get(spec.type(), sum.address(), c));
        }
    }

    @Test
    void aReusedSlotForgetsItsSequence() {
        final DeltaLog log = new DeltaLog(SPEC, 1, Arena.ofAuto());
        log.append(5, false, -1);
        log.markDense(0);
        log.seal();
        log.sequence(0, 17);
        free(log);
        log.append(6, false, 0);
        assertEquals(0, log.sequence(1));
        assertFalse(log.isDense(1));
        assertFalse(log.isOpen(0));
        assertFalse(log.isOpen(-1));
    }

    @Test
    void capacityIsAPowerOfTwo() {
        for (final int capacity : new int[] {0, 3, -4, 6}) {
            assertThrows(IllegalArgumentException.class, () -> new DeltaLog(SPEC, capacity, Arena.ofAuto()));
        }
    }

    /** While they stream, blocks of four that the shard sees are taken first, and again as soon as they are free. */
    @Test
    void recordsThatStreamLieInSharedMemoryWhileThereIsRoom() {
        final long block = 4 * DeltaLog.stride(SPEC) + 4 * 24;
        final MemorySegment shared = Arena.ofAuto().allocate(3 * block - 1, 64);
        final long[] wanted = new long[1];
        final DeltaLog log = new DeltaLog(SPEC, 32, 0, Arena.ofAuto(), bytes -> {
            assertEquals(0, wanted[0]);
            wanted[0] = bytes;
            return shared;
        });
        for (int i = 0; i < 4; i++) {
            log.append(i, true, -1);
            log.seal();
            assertEquals(0, log.sharedRun(i, i + 1));
            log.sequence(i, 1);
            log.free(1);
        }
        assertEquals(0, wanted[0], "nothing streams");
        for (int round = 0; round < 10; round++) {
            log.stream();
            final long begin = log.next();
            for (int i = 0; i < 14; i++) {
                log.append(i, i != 5, -1);
            }
            log.seal();
            assertTrue(wanted[0] >= 9 * block, wanted[0] + " bytes for all that the log can hold");
            int inShared = 0;
            for (int i = 0; i < 14; i++) {
                final long n = begin + i;
                final boolean isShared = shared.address() <= log.address(n)
                        && log.address(n) < shared.address() + 2 * block;
                inShared += isShared ? 1 : 0;
                final int run = log.run(n, begin + 14);
                assertEquals(isShared ? run : 0, log.sharedRun(n, begin + 14));
                if (isShared) {
                    assertEquals(log.travelling(n) - shared.address(), log.sharedOffset(n));
                }
            }
            // Two blocks, of which the first was begun by the records of the round before.
            assertTrue(round == 0 ? inShared == 8 : inShared >= 6, inShared + " in round " + round);
            for (int i = 0; i < 14; i++) {
                log.sequence(log.tail(), 1);
                free(log);
            }
        }
    }

    /** Of a block of 64, so that a message that copies them may take others with them. */
    @Test
    void fewRecordsAreNotToldByTheirPlace() {
        final DeltaLog log =
                new DeltaLog(SPEC, 512, 0, Arena.ofAuto(), bytes -> Arena.ofAuto().allocate(bytes, 64));
        log.stream();
        for (int i = 0; i < 80; i++) {
            log.append(i, true, -1);
        }
        log.seal();
        assertEquals(0, log.sharedRun(0, 15));
        assertEquals(16, log.sharedRun(0, 16));
        assertEquals(64, log.sharedRun(0, 80));
        assertEquals(16, log.sharedRun(48, 80));
        assertEquals(0, log.sharedRun(49, 80));
        assertEquals(16, log.sharedRun(64, 80));
    }

    /** Rounded rows lie in the log with the values that they travel with. */
    @Test
    void rowsOfATableThatTravelsAsBf16AreToldByTheirPlaceToo() {
        final TableSpec narrow =
                new TableSpec("t", 100, 4, ElementType.F32, Consistency.bsp(), Encoding.BF16);
        final DeltaLog log =
                new DeltaLog(narrow, 32, 0, Arena.ofAuto(), bytes -> Arena.ofAuto().allocate(bytes, 64));
        log.stream();
        for (int i = 0; i < 8; i++) {
            log.append(i, i != 5, -1);
        }
        log.markExact(1);
        log.seal();
        assertEquals(0, log.run(0, 8));
        assertEquals(1, log.run(1, 8));
        assertEquals(4, log.sharedRun(0, 8));
        assertEquals(1, log.sharedRun(4, 8));
        assertEquals(0, log.sharedRun(5, 8));
        assertEquals(2, log.sharedRun(6, 8));
    }

    /** A hand-over is worth its while at an eighth, and more must wait at half, until something coalesces. */
    @Test
    void streamsWhileNothingCoalesces() {
        final DeltaLog log = new DeltaLog(SPEC, 32, Arena.ofAuto());
        for (int i = 0; i < 16; i++) {
            assertEquals(i % 4 == 0 && i > 0, log.isWorthHandingOver());
            assertFalse(log.isBackedUp());
            if (log.isWorthHandingOver()) {
                log.stream();
                log.seal();
            }
            log.append(i, true, -1);
        }
        log.seal();
        assertTrue(log.isBackedUp());
        log.sequence(0, 1);
        free(log);
        assertFalse(log.isBackedUp());
    }

    @Test
    void waitsForTheEndOfTheClockOnceSomethingCoalesces() {
        final DeltaLog log = new DeltaLog(SPEC, 32, Arena.ofAuto());
        log.stream();
        for (int i = 0; i < 15; i++) {
            log.append(i, true, -1);
        }
        log.coalesced();
        assertFalse(log.isWorthHandingOver());
        assertFalse(log.isHalfOpen());
        log.append(15, true, -1);
        assertTrue(log.isHalfOpen());
        log.seal();
        assertFalse(log.isBackedUp());
        log.stream();
        assertTrue(log.isBackedUp());
        log.endClock();
        assertFalse(log.isBackedUp());
        for (int i = 16; i < 24; i++) {
            assertFalse(log.isWorthHandingOver());
            log.append(i, true, -1);
        }
        log.endClock();
        assertTrue(log.isWorthHandingOver());
    }

    /** A row that comes back in the same clock would have coalesced, had its record not been handed over. */
    @Test
    void noticesWhatItCouldHaveCoalesced() {
        final DeltaLog log = new DeltaLog(SPEC, 32, Arena.ofAuto());
        for (int i = 0; i < 4; i++) {
            log.append(i, true, -1);
        }
        assertTrue(log.isWorthHandingOver());
        log.seal();
        log.append(0, true, 0);
        for (int i = 4; i < 8; i++) {
            log.append(i, true, -1);
        }
        assertFalse(log.isWorthHandingOver());
    }

    private static void free(final DeltaLog log) {
        log.free(log.sequence(log.tail()));
    }
}
