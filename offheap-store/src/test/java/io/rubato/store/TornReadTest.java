package io.rubato.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.port.RowStore;
import java.io.BufferedReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer adds one to every element of a row at a time, a reader with a mapping of its own checks that all elements of what it copies are equal, and
 * that the row is no older than the minimum clock it saw before.
 */
class TornReadTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 515;
    private static final int ROUNDS = 300_000;
    private static final Table TABLE = RowStoreContract.table(0, "torn", ROWS, COLUMNS, ElementType.I32);

    @TempDir
    private Path directory;

    /** The reader's side: reads until the minimum clock reaches the last round; prints and returns what was wrong. */
    static final class Reader {
        private Reader() {
        }

        public static void main(final String[] args) {
            try (SlabReader reader = new SlabReader(Path.of(args[0]))) {
                System.out.println("ready");
                System.out.println(readToTheEnd(reader));
            }
        }

        static String readToTheEnd(final SlabReader reader) {
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment copy = arena.allocate(4L * COLUMNS, 64);
                int row = 0;
                while (true) {
                    final long clock = reader.minimumClock();
                    if (reader.tryRead(row, copy, 0)) {
                        final int first = copy.getAtIndex(ValueLayout.JAVA_INT, 0);
                        if (first < clock) {
                            return "row " + row + " is older than clock " + clock + ": " + first;
                        }
                        for (int column = 1; column < COLUMNS; column++) {
                            final int element = copy.getAtIndex(ValueLayout.JAVA_INT, column);
                            if (element != first) {
                                return "row " + row + " is torn at column " + column + ": " + first + ", " + element;
                            }
                        }
                        row = (row + 1) % ROWS;
                        if (clock == ROUNDS && row == 0) {
                            return "whole";
                        }
                    }
                }
            }
        }
    }

    @Test
    void anotherThreadNeverSeesATornRow() throws Exception {
        try (RowStore store = new SlabStoreFactory(directory).open(TABLE, 0, ROWS, 1);
                SlabReader reader = new SlabReader(SlabStoreFactory.file(directory, "torn", 0))) {
            final FutureTask<String> task = new FutureTask<>(() -> Reader.readToTheEnd(reader));
            Thread.ofPlatform().daemon().start(task);
            write(store);
            assertEquals("whole", task.get());
        }
    }

    @Test
    void anotherProcessNeverSeesATornRow() throws Exception {
        try (RowStore store = new SlabStoreFactory(directory).open(TABLE, 0, ROWS, 1)) {
            final List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                    System.getProperty("java.class.path"), Reader.class.getName(),
                    SlabStoreFactory.file(directory, "torn", 0).toString()));
            final Process process =
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader output = process.inputReader()) {
                assertEquals("ready", output.readLine());
                write(store);
                assertEquals("whole", output.readLine());
                assertEquals(0, process.waitFor());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static void write(final RowStore store) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment ones = arena.allocate(4L * COLUMNS, 64);
            for (int column = 0; column < COLUMNS; column++) {
                ones.setAtIndex(ValueLayout.JAVA_INT, column, 1);
            }
            for (int round = 1; round <= ROUNDS; round++) {
                for (int row = 0; row < ROWS; row++) {
                    store.add(row, ones, 0);
                }
                store.minimumClock(round);
            }
        }
    }
}
