package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.node.JobConfig.OneSided;
import io.rubato.port.RowStore;
import io.rubato.port.RowView;
import io.rubato.store.SlabStoreFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows are read one-sidedly, and what is said when they cannot be. */
class ShardMemoryTest {
    private static final Table TABLE =
            new Table(0, new TableSpec("items", 4, 2, ElementType.F32, Consistency.ssp(1)));

    @TempDir
    private Path directory;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private RowView open(final Path known, final OneSided wanted, final long job) {
        final ShardMemory memory = new ShardMemory(known, new PrintStream(err, true, StandardCharsets.UTF_8));
        memory.wanted(wanted);
        return memory.open(job, TABLE, 0, 4, 1, 0);
    }

    private String refusal(final Path known, final OneSided wanted, final long job) {
        return assertThrows(UncheckedIOException.class, () -> open(known, wanted, job)).getMessage();
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theMemoryOfAShardOfTheJobIsReadUnlessTheJobSaysOtherwise() {
        try (RowStore _ = new SlabStoreFactory(directory).open(7, TABLE, 0, 4, 1)) {
            assertNotNull(open(directory, OneSided.ON, 7));
            assertNotNull(open(directory, OneSided.AUTO, 7));
            assertNull(open(directory, OneSided.OFF, 7));
        }
        assertEquals("", said());
    }

    @Test
    void shardsThatAreElsewhereAreNoMistakeUnlessTheJobSaysSo() {
        assertNull(open(null, OneSided.AUTO, 7));
        assertNull(open(directory, OneSided.AUTO, 7));
        assertEquals("", said());

        assertTrue(refusal(null, OneSided.ON, 7).contains("--shard-store"));
        assertTrue(refusal(directory, OneSided.ON, 7).startsWith(directory.resolve("items.0.slab") + ": "));
    }

    @Test
    void deltasTravelInMessagesWhereNoMemoryCanBeSharedUnlessTheJobSaysOtherwise() throws IOException {
        try (RowStore _ = new SlabStoreFactory(directory).open(7, TABLE, 0, 4, 1)) {
            assertNotNull(open(directory, OneSided.AUTO, 7).createLog(1, 100));
            final Path file = directory.resolve("items.0.0.deltas");
            Files.createDirectories(file.resolve("in the way"));
            assertNull(open(directory, OneSided.AUTO, 7).createLog(0, 100));
            assertTrue(said().startsWith("rubato: deltas to table items at shard 0 travel in messages: " + file + ": "),
                    said());
            final RowView required = open(directory, OneSided.ON, 7);
            assertThrows(UncheckedIOException.class, () -> required.createLog(0, 100));
            Files.delete(file.resolve("in the way"));
        }
    }

    @Test
    void rowsOfAnotherJobAreLeftAloneAndSomethingIsSaid() {
        try (RowStore _ = new SlabStoreFactory(directory).open(7, TABLE, 0, 4, 1)) {
            assertNull(open(directory, OneSided.AUTO, 8));
            assertEquals("rubato: the rows of table items at shard 0 are asked for by message: "
                    + directory.resolve("items.0.slab") + ": offset 136: found job 7, expected job 8\n", said());
            assertTrue(refusal(directory, OneSided.ON, 8).contains("found job 7, expected job 8"));
        }
    }
}
