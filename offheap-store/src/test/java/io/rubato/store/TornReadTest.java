package io.rubato.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.port.RowStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer adds one to every element of a row at a time. A reader with a mapping of its own checks that all elements of
 * what it copies are equal, and that the row is no older than the minimum clock it saw before. The writer goes on until
 * the reader has seen enough changes, so that both were surely at work at the same time, on a busy machine too.
 */
class TornReadTest {
    private static final int ROWS = 2;
    private static final int COLUMNS = 2_051;
    private static final int CHANGES = 5_000;
    private static final Table TABLE = RowStoreContract.table(0, "torn", ROWS, COLUMNS, ElementType.I32);

    @TempDir
    private Path directory;

    /** The reader's side, also run by a test in another JVM. */
    static final class Reader {
        private Reader() {
        }

        public static void main(final String[] args) {
            System.out.print(verdict(new SlabReader(Path.of(args[0]), 0)));
        }

        static String verdict(final SlabReader reader) {
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment copy = arena.allocate(4L * COLUMNS, 64);
                final int[] last = new int[ROWS];
                int changes = 0;
                for (int row = 0; changes < CHANGES; row = (row + 1) % ROWS) {
                    final long clock = reader.minimumClock();
                    if (reader.tryRead(row, copy, 0)) {
                        final int first = copy.getAtIndex(ValueLayout.JAVA_INT, 0);
                        if (first < clock || first < last[row]) {
                            return "stale: " + first + " at clock " + clock + ", after " + last[row];
                        }
                        for (int column = 1; column < COLUMNS; column++) {
                            final int element = copy.getAtIndex(ValueLayout.JAVA_INT, column);
                            if (element != first) {
                                return "torn at column " + column + ": " + first + ", " + element;
                            }
                        }
                        if (first > last[row]) {
                            last[row] = first;
                            changes++;
                        }
                    }
                }
                return "whole";
            }
        }
    }

    @Test
    void anotherThreadNeverSeesATornRow() throws Exception {
        try (RowStore store = new SlabStoreFactory(directory).open(RowStoreContract.JOB, TABLE, 0, ROWS, 1)) {
            final SlabReader reader = new SlabReader(SlabStoreFactory.file(directory, "torn", 0), 0);
            final FutureTask<String> task = new FutureTask<>(() -> Reader.verdict(reader));
            Thread.ofPlatform().daemon().start(task);
            writeUntil(task::isDone, store);
            assertEquals("whole", task.get());
        }
    }

    @Test
    void anotherProcessNeverSeesATornRow() throws Exception {
        try (RowStore store = new SlabStoreFactory(directory).open(RowStoreContract.JOB, TABLE, 0, ROWS, 1)) {
            final List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                    Reader.class.getName(), SlabStoreFactory.file(directory, "torn", 0).toString()));
            final Process process =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try {
                writeUntil(() -> !process.isAlive(), store);
                assertEquals("whole",
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static void writeUntil(final BooleanSupplier done, final RowStore store) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment ones = arena.allocate(4L * COLUMNS, 64);
            for (int column = 0; column < COLUMNS; column++) {
                ones.setAtIndex(ValueLayout.JAVA_INT, column, 1);
            }
            for (int round = 1; round % 128 != 0 || !done.getAsBoolean(); round++) {
                for (int row = 0; row < ROWS; row++) {
                    store.add(row, ones, 0);
                }
                store.minimumClock(round);
            }
        }
    }
}
