package io.rubato.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.port.RowStore;
import io.rubato.port.RowView;
import io.rubato.port.StoreFactory;
import io.rubato.port.StoreOpening;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store contract on slabs, and what slabs promise beyond it. */
class SlabTest extends RowStoreContract {
    private static final Table TABLE = table(4, "items", 10, 3, ElementType.I64);
    /** Of more bytes than are reserved in one step. */
    private static final int LONG_ROWS = 70_000;
    private static final Table LONG = table(0, "long", LONG_ROWS, 128, ElementType.F64);

    private final Arena arena = Arena.ofConfined();
    private int directories;

    @TempDir
    private Path directory;

    @AfterEach
    void free() {
        arena.close();
    }

    @Override
    StoreFactory factory() {
        return new SlabStoreFactory(directory.resolve("store-" + directories++));
    }

    @Test
    void aClosedSlabIsFoundAgainWithItsRows() {
        final SlabStoreFactory factory = new SlabStoreFactory(directory);
        final MemorySegment row = arena.allocateFrom(ValueLayout.JAVA_LONG, 1, -2, 3);
        try (RowStore store = factory.open(JOB, TABLE, 1, 10, 2)) {
            store.add(9, row, 0);
        }
        try (RowStore store = factory.open(JOB, TABLE, 1, 10, 2)) {
            store.add(9, row, 0);
            store.read(9, row, 0);
        }
        assertEquals(List.of(2L, -4L, 6L), List.of(row.getAtIndex(ValueLayout.JAVA_LONG, 0),
                row.getAtIndex(ValueLayout.JAVA_LONG, 1), row.getAtIndex(ValueLayout.JAVA_LONG, 2)));
    }

    @Test
    void aSlabHasOneWriterAndOneThatDidNotCloseItIsRefused() {
        final SlabStoreFactory factory = new SlabStoreFactory(directory);
        try (RowStore _ = factory.open(JOB, TABLE, 1, 10, 2)) {
            final String message =
                    assertThrows(UncheckedIOException.class, () -> factory.open(JOB, TABLE, 1, 10, 2)).getMessage();
            final String found = "a slab that process " + ProcessHandle.current().pid() + " has open";
            assertTrue(message.startsWith(
                    SlabStoreFactory.file(directory, "items", 1) + ": offset 128: found " + found), message);
        }
        factory.open(JOB, TABLE, 1, 10, 2).close();
    }

    @Test
    void closingTwiceIsHarmlessAndUseAfterwardsAnError() {
        final RowStore store = new SlabStoreFactory(directory).open(JOB, TABLE, 0, 10, 1);
        store.close();
        store.close();
        assertThrows(IllegalStateException.class, () -> store.add(0, arena.allocate(24), 0));
    }

    @Test
    void whatLiesOutsideIsRefusedBeforeTheRowIsTouched() {
        try (RowStore store = new SlabStoreFactory(directory).open(JOB, TABLE, 0, 10, 1)) {
            final SlabReader reader = new SlabReader(SlabStoreFactory.file(directory, "items", 0), 0);
            final MemorySegment memory = arena.allocate(64);
            assertThrows(IndexOutOfBoundsException.class, () -> store.add(10, memory, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> store.add(-1, memory, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> store.add(0, memory, 41));
            assertThrows(IndexOutOfBoundsException.class, () -> store.addSparse(0, memory, 61, memory, 0, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> store.addSparse(0, memory, 0, memory, 57, 1));
            final MemorySegment wrongColumn = arena.allocateFrom(ValueLayout.JAVA_INT, TABLE.spec().columns());
            assertThrows(IndexOutOfBoundsException.class, () -> store.addSparse(0, wrongColumn, 0, memory, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> store.add(0, MemorySegment.ofArray(new long[8]), 0));
            assertThrows(IndexOutOfBoundsException.class, () -> store.read(10, memory, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> store.appliedSequence(1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> store.applyingSequence(1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> reader.tryRead(10, memory, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> reader.prefetch(new int[] {9, 10}, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> reader.prefetch(new int[] {-1}, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> SlabReader.of(directory, JOB, TABLE, 0, 10, 1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> SlabReader.of(directory, JOB, TABLE, 0, 10, 1, -1));
            assertTrue(reader.tryRead(0, memory, 0));
        }
    }

    @Test
    void aReaderSeesRowsClocksAndSequences() {
        try (RowStore store = new SlabStoreFactory(directory).open(JOB, TABLE, 3, 10, 2)) {
            final RowView first = SlabReader.of(directory, JOB, TABLE, 3, 10, 2, 0);
            final RowView reader = SlabReader.of(directory, JOB, TABLE, 3, 10, 2, 1);
            assertEquals(0, reader.minimumClock());
            assertEquals(0, reader.appliedSequence());
            store.add(7, arena.allocateFrom(ValueLayout.JAVA_LONG, 5, 6, 7), 0);
            store.minimumClock(12);
            store.appliedSequence(0, 34);
            store.applyingSequence(1, 57);
            store.appliedSequence(1, 56);
            final MemorySegment row = arena.allocate(24);
            store.add(4, arena.allocateFrom(ValueLayout.JAVA_LONG, 8, 9, 10), 0);
            // The first words of the cache lines in which the rows lie.
            assertEquals(8, reader.prefetch(new int[] {6, 4, 4}, 2));
            assertEquals(0, reader.prefetch(new int[] {6, 4, 4}, 1));
            assertTrue(reader.tryRead(7, row, 0));
            assertEquals(7, row.getAtIndex(ValueLayout.JAVA_LONG, 2));
            assertEquals(12, reader.minimumClock());
            assertEquals(34, first.appliedSequence());
            assertEquals(56, reader.appliedSequence());
            assertEquals(0, first.applyingSequence());
            assertEquals(57, reader.applyingSequence());
        }
    }

    @Test
    void whatAnEarlierJobPublishedIsGoneWhenItsRowsAreFoundAgain() {
        final SlabStoreFactory factory = new SlabStoreFactory(directory);
        final MemorySegment row = arena.allocateFrom(ValueLayout.JAVA_LONG, 1, 2, 3);
        try (RowStore store = factory.open(JOB, TABLE, 1, 10, 2)) {
            store.add(9, row, 0);
            store.minimumClock(12);
            store.applyingSequence(1, 57);
            store.appliedSequence(1, 57);
        }
        try (RowStore _ = factory.open(JOB + 1, TABLE, 1, 10, 2)) {
            final RowView reader = SlabReader.of(directory, JOB + 1, TABLE, 1, 10, 2, 1);
            assertEquals(0, reader.minimumClock());
            assertEquals(0, reader.applyingSequence());
            assertEquals(0, reader.appliedSequence());
            assertTrue(reader.tryRead(9, row, 0));
            assertEquals(3, row.getAtIndex(ValueLayout.JAVA_LONG, 2));
        }
    }

    @Test
    void aReaderOfAJobTakesNoOtherSlab() {
        final Path path = SlabStoreFactory.file(directory, "items", 1);
        try (RowStore _ = new SlabStoreFactory(directory).open(JOB, TABLE, 1, 10, 2)) {
            assertEquals(path + ": offset 136: found job 4711, expected job 12",
                    refusal(() -> SlabReader.of(directory, 12, TABLE, 1, 10, 2, 0)));
            assertEquals(path + ": offset 24: found rows 10, expected 9",
                    refusal(() -> SlabReader.of(directory, JOB, TABLE, 1, 9, 2, 0)));
            assertEquals(ProcessHandle.current().pid(), SlabReader.of(directory, JOB, TABLE, 1, 10, 2, 0).writer());
        }
        assertEquals(path + ": offset 128: found no writer, expected a living writer",
                refusal(() -> SlabReader.of(directory, JOB, TABLE, 1, 10, 2, 0)));
    }

    private static String refusal(final Executable opening) {
        return assertThrows(UncheckedIOException.class, opening).getMessage();
    }

    @Test
    void aSlabThatHoldsHalfAMessageIsRefused() {
        final SlabStoreFactory factory = new SlabStoreFactory(directory);
        final MemorySegment row = arena.allocateFrom(ValueLayout.JAVA_LONG, 1, -2, 3);
        try (RowStore store = factory.open(JOB, TABLE, 0, 10, 2)) {
            store.applyingSequence(1, 7);
            store.add(9, row, 0);
            store.appliedSequence(1, 7);
        }
        try (RowStore store = factory.open(JOB, TABLE, 0, 10, 2)) {
            store.applyingSequence(1, 1);
            store.add(9, row, 0);
        }
        final String message = refusal(() -> factory.open(JOB, TABLE, 0, 10, 2));
        assertTrue(message.contains("left behind half written"), message);
    }

    @Test
    void aRowThatIsBeingWrittenIsNotRead() throws IOException {
        new SlabStoreFactory(directory).open(JOB, TABLE, 0, 10, 2).close();
        final Path path = SlabStoreFactory.file(directory, "items", 0);
        final SlabReader reader = new SlabReader(path, 0);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final SlabHeader header = reader.header();
            final long word = header.firstRowOffset() + header.stride() + header.sequenceOffset();
            channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena).set(ValueLayout.JAVA_LONG, word, 1);
            assertFalse(reader.tryRead(1, arena.allocate(24), 0));
            assertTrue(reader.tryRead(2, arena.allocate(24), 0));
        }
    }

    @Test
    void onlyTheOwnerMayEnter() throws IOException {
        final Path created = directory.resolve("new");
        new SlabStoreFactory(created).open(JOB, TABLE, 0, 10, 2).close();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(created)));
        assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(SlabStoreFactory.file(created, "items", 0))));

        Files.setPosixFilePermissions(created, PosixFilePermissions.fromString("rwxr-x---"));
        final String message =
                assertThrows(UncheckedIOException.class, () -> new SlabStoreFactory(created)).getMessage();
        assertTrue(message.startsWith(created + ": ") && message.contains("rwxr-x---"), message);
    }

    @Test
    void withoutRoomThereIsAnErrorAndNoFile() throws IOException {
        final Table huge = table(0, "huge", (int) TableSpec.MAX_ROWS, 1 << 20, ElementType.F64);
        final SlabStoreFactory factory = new SlabStoreFactory(directory);
        final String message = assertThrows(UncheckedIOException.class,
                () -> factory.open(JOB, huge, 0, (int) TableSpec.MAX_ROWS, 1)).getMessage();
        assertTrue(message.startsWith(SlabStoreFactory.file(directory, "huge", 0) + ": "), message);
        assertTrue(message.contains("no room for "), message);
        try (var files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void aLongFileIsReservedStepByStep() throws IOException {
        final SlabStoreFactory factory = new SlabStoreFactory(directory);
        final StoreOpening opening = factory.begin(JOB, LONG, 0, LONG_ROWS, 1);
        assertNull(opening.proceed());
        final Path file = SlabStoreFactory.file(directory, "long", 0);
        final long first = Files.size(file);
        assertTrue(first > 0 && first < 8L * 128 * LONG_ROWS, first + " bytes");
        final String refused = refusal(() -> factory.open(JOB, LONG, 0, LONG_ROWS, 1));
        assertTrue(refused.contains("magic"), refused);
        RowStore store = null;
        for (int i = 0; i < 3 && store == null; i++) {
            store = opening.proceed();
        }
        assertNotNull(store);
        try (RowStore opened = store) {
            assertTrue(Files.size(file) > 8L * 128 * LONG_ROWS);
            final MemorySegment copy = arena.allocate(8 * 128, 64);
            opened.read(LONG_ROWS - 1, copy, 0);
            assertArrayEquals(new double[128], copy.toArray(ValueLayout.JAVA_DOUBLE));
        }
        Files.delete(file);
    }

    @Test
    void nothingIsLeftOfAStoreThatWasGivenUp() throws IOException {
        final StoreOpening opening = new SlabStoreFactory(directory).begin(JOB, LONG, 0, LONG_ROWS, 1);
        assertNull(opening.proceed());
        opening.cancel();
        opening.cancel();
        try (var files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
    }

    /** Short files are written, long ones allocated. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16 << 20, (16 << 20) + 1})
    void reservedSpaceIsZeros(final int length) throws IOException {
        final Path file = directory.resolve("reserved");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            FileSpace.reserve(file, channel, 0, length);
        }
        assertArrayEquals(new byte[length], Files.readAllBytes(file));
    }

    @Test
    void zerosAreWrittenWhereSpaceCannotBeReservedOtherwise() throws IOException {
        final Path file = directory.resolve("zeros");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            FileSpace.writeZeros(channel, 0, (3 << 20) + 17);
        }
        final byte[] content = Files.readAllBytes(file);
        assertEquals((3 << 20) + 17, content.length);
        for (final byte b : content) {
            assertEquals(0, b);
        }
    }

    @Test
    void rowsBeyondTwoGibibytesAreReached() throws IOException {
        final int columns = 1 << 20;
        final int rows = 300;
        assumeTrue(Files.getFileStore(directory).getUsableSpace() > 4L << 30, "needs 4 GiB free in " + directory);
        final Table table = table(0, "t", rows, columns, ElementType.I64);
        final MemorySegment row = arena.allocate(8L * columns);
        try (RowStore store = new SlabStoreFactory(directory).open(JOB, table, 0, rows, 1)) {
            for (final int written : new int[] {255, 256, 299}) {
                row.setAtIndex(ValueLayout.JAVA_LONG, columns - 1, written);
                store.add(written, row, 0);
            }
            for (final int read : new int[] {0, 43, 44, 254, 255, 256, 298, 299}) {
                store.read(read, row, 0);
                assertEquals(read >= 255 && read != 298 ? read : 0, row.getAtIndex(ValueLayout.JAVA_LONG, columns - 1));
            }
        }
    }

    /** A reader that was inside a row while it was added to must notice, whatever the delta is like. */
    @Test
    void everyKindOfDeltaMovesTheRowsSequenceWord() throws IOException {
        final Table table = table(0, "t", 4, 3, ElementType.F32);
        try (RowStore store = new SlabStoreFactory(directory).open(JOB, table, 0, 4, 1);
                FileChannel channel = FileChannel.open(SlabStoreFactory.file(directory, "t", 0))) {
            final MemorySegment slab = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            final SlabHeader header = SlabHeader.of(table, 0, 4, 1);
            final long word = header.firstRowOffset() + 2 * header.stride() + header.sequenceOffset();
            final MemorySegment delta = arena.allocate(64);
            store.add(2, delta, 0);
            assertEquals(2, slab.get(ValueLayout.JAVA_LONG, word));
            store.addSparse(2, delta, 0, delta, 32, 2);
            assertEquals(4, slab.get(ValueLayout.JAVA_LONG, word));
            store.addBf16(2, delta, 0);
            assertEquals(6, slab.get(ValueLayout.JAVA_LONG, word));
            store.add(1, delta, 0);
            assertEquals(6, slab.get(ValueLayout.JAVA_LONG, word));
        }
    }
}
