package io.rubato.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.port.RowStore;
import io.rubato.port.RowView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What workers share of their delta logs, and what a shard makes of files that are not what they should be. */
class LogFileTest {
    private static final long JOB = RowStoreContract.JOB;
    private static final Table TABLE = RowStoreContract.table(2, "items", 10, 3, ElementType.I64);
    private static final int BYTES = 1000;

    @TempDir
    private Path directory;

    private RowStore store() {
        return new SlabStoreFactory(directory).open(JOB, TABLE, 1, 10, 2);
    }

    private RowView view() {
        return SlabReader.of(directory, JOB, TABLE, 1, 10, 2, 1);
    }

    private Path file(final int worker) {
        return directory.resolve("items.1." + worker + ".deltas");
    }

    private static String refusal(final RowStore store, final int worker) {
        return assertThrows(UncheckedIOException.class, () -> store.openLog(worker)).getMessage();
    }

    @Test
    void whatAWorkerWritesTheShardReads() throws IOException {
        try (RowStore store = store()) {
            final MemorySegment written = view().createLog(3, BYTES);
            assertEquals(BYTES, written.byteSize());
            assertEquals(0, written.address() % 64);
            final MemorySegment read = store.openLog(3);
            assertEquals(BYTES, read.byteSize());
            assertTrue(read.isReadOnly());
            for (int i = 0; i < BYTES; i++) {
                assertEquals(0, read.get(ValueLayout.JAVA_BYTE, i));
                written.set(ValueLayout.JAVA_BYTE, i, (byte) (i % 101 + 1));
                assertEquals((byte) (i % 101 + 1), read.get(ValueLayout.JAVA_BYTE, i));
            }
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file(3))));
        }
    }

    /** They outlive neither the shard's store nor the next opening of it; other tables and shards are left alone. */
    @Test
    void theShardDeletesWhatWorkersHaveShared() throws IOException {
        final List<Path> others = List.of(directory.resolve("items.10.3.deltas"),
                directory.resolve("items.1.1.3.deltas"), directory.resolve("items.1.x.deltas"),
                directory.resolve("more.1.3.deltas"));
        try (RowStore _ = store()) {
            for (final Path other : others) {
                Files.createFile(other);
            }
            view().createLog(0, BYTES);
            view().createLog(12, BYTES);
            assertTrue(Files.exists(file(0)) && Files.exists(file(12)));
        }
        assertFalse(Files.exists(file(0)) || Files.exists(file(12)));
        Files.createFile(file(7));
        try (RowStore _ = store()) {
            assertFalse(Files.exists(file(7)), "left by a job whose shard was killed");
        }
        for (final Path other : others) {
            assertTrue(Files.exists(other), other.toString());
        }
    }

    /** Whoever is refused has nothing to say about them. */
    @Test
    void aSecondOpenerDeletesNothing() {
        try (RowStore store = store()) {
            view().createLog(0, BYTES);
            assertThrows(UncheckedIOException.class, this::store);
            assertEquals(BYTES, store.openLog(0).byteSize());
        }
    }

    /** A worker of a job that has ended may be slow to hear of it. */
    @Test
    void aWorkerOfAnEarlierJobSpoilsNothing() {
        final RowView early;
        try (RowStore _ = store()) {
            early = view();
        }
        try (RowStore later = new SlabStoreFactory(directory).open(JOB + 1, TABLE, 1, 10, 2)) {
            SlabReader.of(directory, JOB + 1, TABLE, 1, 10, 2, 1).createLog(0, BYTES);
            assertNull(early.createLog(0, 2 * BYTES));
            assertEquals(BYTES, later.openLog(0).byteSize());
        }
    }

    @Test
    void aStoreWhoseDirectoryIsGoneIsClosedAllTheSame() throws IOException {
        final RowStore store = store();
        view().createLog(0, BYTES);
        Files.delete(file(0));
        Files.delete(SlabStoreFactory.file(directory, "items", 1));
        Files.delete(directory);
        store.close();
        Files.createDirectory(directory);
    }

    @Test
    void soMuchIsLeftToOthers() {
        try (RowStore _ = store()) {
            final long free = directory.toFile().getUsableSpace();
            final String message =
                    assertThrows(UncheckedIOException.class, () -> view().createLog(0, free - (16L << 20)))
                            .getMessage();
            assertTrue(message.contains("no room for ") && message.contains("left to others"), message);
            assertFalse(Files.exists(file(0)));
        }
    }

    @Test
    void aNewWorkerReplacesWhatAnEarlierOneHasLeft() throws IOException {
        try (RowStore store = store()) {
            view().createLog(3, BYTES).fill((byte) 1);
            final MemorySegment second = view().createLog(3, 2 * BYTES);
            assertEquals(2 * BYTES, store.openLog(3).byteSize());
            assertEquals(0, second.get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void aFileThatIsNotThereOrOfAnotherJobIsRefusedByName() throws IOException {
        try (RowStore store = store()) {
            assertTrue(refusal(store, 4).startsWith(file(4) + ": cannot read the deltas of worker 4: "));
            LogFile.create(file(4), JOB + 1, BYTES);
            assertEquals(file(4) + ": offset 8: found job " + (JOB + 1) + ", expected " + JOB, refusal(store, 4));
        }
    }

    @Test
    void everyFlippedBitOfTheHeaderIsRefused() throws IOException {
        try (RowStore store = store()) {
            view().createLog(0, BYTES);
            final byte[] valid = Files.readAllBytes(file(0));
            for (int bit = 0; bit < 32 * 8; bit++) {
                final byte[] wrong = valid.clone();
                wrong[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file(0), wrong);
                final int offset = bit / 64 == 0 ? 0 : bit / 8 >= 24 && bit / 8 < 28 ? 24 : 28;
                assertTrue(refusal(store, 0).startsWith(file(0) + ": offset " + offset + ": "), "bit " + bit);
            }
            Files.write(file(0), valid);
            assertNotNull(store.openLog(0));
        }
    }

    @Test
    void everyOtherLengthIsRefused() throws IOException {
        try (RowStore store = store()) {
            view().createLog(0, BYTES);
            final byte[] valid = Files.readAllBytes(file(0));
            for (final int length : List.of(0, 1, 31, 32, 4095, 4096, 4097, valid.length - 1, valid.length + 1)) {
                Files.write(file(0), Arrays.copyOf(valid, length));
                assertTrue(
                        refusal(store, 0).startsWith(file(0) + ": offset " + Math.min(length, valid.length) + ": "),
                        refusal(store, 0));
            }
        }
    }

    @Test
    void withoutRoomTheReaderHearsWhy() throws IOException {
        try (RowStore _ = store()) {
            // A directory that is not empty stands in the file's place.
            Files.createDirectories(file(0).resolve("in the way"));
            final List<String> heard = new ArrayList<>();
            final RowView view =
                    SlabReader.of(directory, JOB, TABLE, 1, 10, 2, 1, e -> heard.add(e.getMessage()));
            assertNull(view.createLog(0, BYTES));
            assertTrue(heard.getFirst().startsWith(file(0) + ": cannot share the deltas of worker 0: "),
                    heard.toString());
            assertThrows(UncheckedIOException.class, () -> view().createLog(0, BYTES));
            Files.delete(file(0).resolve("in the way"));
        }
    }
}
