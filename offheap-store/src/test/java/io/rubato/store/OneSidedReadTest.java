package io.rubato.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.port.RowStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another process writes a slab as fast as it can, as a shard does: message n of client 0 adds one to every element of
 * the rows n mod {@value #ROWS} and the one after, and then the minimum clock is n. This process reads one-sidedly, and
 * knows from what the header said before and after how often one was added to a row at least and at most. Where both
 * are the same it can tell exactly which of "its" deltas the row holds; it must never be wrong. At last the writer is
 * killed.
 */
class OneSidedReadTest {
    private static final int ROWS = 8;
    private static final int COLUMNS = 67;
    private static final int CHANGES = 50_000;
    private static final Table TABLE = RowStoreContract.table(0, "shared", ROWS, COLUMNS, ElementType.I64);

    @TempDir
    private Path directory;

    /** The shard's side, in a process of its own. */
    static final class Writer {
        private Writer() {
        }

        public static void main(final String[] args) {
            Thread.ofPlatform().daemon().start(Writer::dieWithTheTest);
            final MemorySegment ones = Arena.global().allocate(8L * COLUMNS, 64);
            for (int column = 0; column < COLUMNS; column++) {
                ones.setAtIndex(ValueLayout.JAVA_LONG, column, 1);
            }
            final RowStore store =
                    new SlabStoreFactory(Path.of(args[0])).open(RowStoreContract.JOB, TABLE, 0, ROWS, 1);
            System.out.println("open");
            for (long n = 1;; n++) {
                store.applyingSequence(0, n);
                store.add((int) (n % ROWS), ones, 0);
                store.add((int) ((n + 1) % ROWS), ones, 0);
                store.appliedSequence(0, n);
                store.minimumClock(n);
            }
        }

        private static void dieWithTheTest() {
            try {
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            } catch (final IOException e) {
                // As good as the end of the input.
            }
            Runtime.getRuntime().halt(1);
        }
    }

    @Test
    void aReaderInAnotherProcessKnowsWhatARowHoldsUntilTheWriterIsKilled() throws Exception {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Writer.class.getName(), directory.toString()));
        final Process writer = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("open", output.readLine());
            final SlabReader reader = SlabReader.of(directory, RowStoreContract.JOB, TABLE, 0, ROWS, 1, 0);
            assertEquals(writer.pid(), reader.writer());
            read(reader);
        } finally {
            writer.destroyForcibly().waitFor();
        }
        final String dead = assertThrows(UncheckedIOException.class,
                () -> SlabReader.of(directory, RowStoreContract.JOB, TABLE, 0, ROWS, 1, 0)).getMessage();
        assertEquals(SlabStoreFactory.file(directory, "shared", 0) + ": offset 128: found process " + writer.pid()
                + " as the writer, which is dead, expected a living writer", dead);
        assertThrows(UncheckedIOException.class,
                () -> new SlabStoreFactory(directory).open(RowStoreContract.JOB, TABLE, 0, ROWS, 1));
    }

    private static void read(final SlabReader reader) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment copy = arena.allocate(8L * COLUMNS, 64);
            final long[] last = new long[ROWS];
            int changes = 0;
            long exact = 0;
            long doubtful = 0;
            for (int row = 0; changes < CHANGES; row = (row + 1) % ROWS) {
                final long clock = reader.minimumClock();
                final long applied = reader.appliedSequence();
                if (!reader.tryRead(row, copy, 0)) {
                    continue;
                }
                final long least = added(row, applied);
                final long most = added(row, reader.applyingSequence());
                final long found = copy.getAtIndex(ValueLayout.JAVA_LONG, 0);
                for (int column = 1; column < COLUMNS; column++) {
                    assertEquals(found, copy.getAtIndex(ValueLayout.JAVA_LONG, column), "torn");
                }
                assertTrue(found >= added(row, clock), "older than minimum clock " + clock + ": " + found);
                assertTrue(least <= found && found <= most, found + ", known was " + least + " to " + most);
                assertTrue(found >= last[row], found + " after " + last[row]);
                changes += found > last[row] ? 1 : 0;
                last[row] = found;
                exact += least == most ? 1 : 0;
                doubtful += least == most ? 0 : 1;
            }
            assertTrue(exact > CHANGES / 100, exact + " exact reads, " + doubtful + " others");
        }
    }

    /** How often messages 1 to n have added one to a row. */
    private static long added(final int row, final long n) {
        return congruent(n, row) + congruent(n, (row + ROWS - 1) % ROWS);
    }

    private static long congruent(final long n, final int remainder) {
        return (n - remainder + ROWS) / ROWS - (remainder == 0 ? 1 : 0);
    }
}
