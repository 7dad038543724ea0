package io.rubato.learn.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rubato.learn.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void filesAppearTogether() throws IOException {
        final Path target = folder.resolve("a/b");
        try (ModelDirectory model = new ModelDirectory(target)) {
            Files.writeString(model.stage("x"), "1");
            Files.writeString(model.stage("y"), "2");
            assertEquals(List.of(".x.tmp", ".y.tmp"), names(target));
            model.commit();
        }
        assertEquals(List.of("x", "y"), names(target));
        assertEquals("1", Files.readString(target.resolve("x")));
    }

    @Test
    void whatIsNotCommittedLeavesTheOldModel() throws IOException {
        Files.writeString(folder.resolve("x"), "old");
        try (ModelDirectory model = new ModelDirectory(folder)) {
            Files.writeString(model.stage("x"), "new");
        }
        assertEquals(List.of("x"), names(folder));
        assertEquals("old", Files.readString(folder.resolve("x")));
    }

    @Test
    void theLastFileNeverStandsBesideOthersOfAnotherModel() throws IOException {
        Files.writeString(folder.resolve("model"), "old");
        Files.createDirectories(folder.resolve("x/in the way"));
        try (ModelDirectory model = new ModelDirectory(folder)) {
            Files.writeString(model.stage("x"), "new");
            Files.writeString(model.stage("model"), "new");
            assertThrows(IOException.class, model::commit);
        }
        assertEquals(List.of("x"), names(folder));
    }

    @Test
    void refusesWhatCannotBeADirectory() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "");
        final InputException itself = assertThrows(InputException.class, () -> new ModelDirectory(file));
        assertEquals(file + ": expected a directory that can be written to", itself.getMessage());
        assertThrows(InputException.class, () -> new ModelDirectory(file.resolve("below")));
    }

    private static List<String> names(final Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
