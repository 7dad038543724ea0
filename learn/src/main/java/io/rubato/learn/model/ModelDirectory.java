package io.rubato.learn.model;

import io.rubato.learn.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory that a model is written to: files are staged under temporary names beside their targets, forced to disk,
 * and renamed all together by {@link #commit}, in the order of staging. What was staged last is deleted before and
 * appears last: stage {@code model.json} so, and who finds it finds a whole model, though another was there before.
 */
public final class ModelDirectory implements AutoCloseable {
    private final Path directory;
    private final List<Path> targets = new ArrayList<>();

    /**
     * Opens or creates a directory.
     *
     * @param directory of the model
     * @throws InputException if files cannot be made there
     */
    public ModelDirectory(final Path directory) {
        requireWritable(directory);
        this.directory = directory;
    }

    /**
     * Creates a directory unless it exists, and tries to make a file in it.
     *
     * @param directory of a model to come
     * @throws InputException if files cannot be made there
     */
    public static void requireWritable(final Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".writable", ".tmp"));
        } catch (final IOException e) {
            throw new InputException(directory, "expected a directory that can be written to", e);
        }
    }

    /**
     * A file to write.
     *
     * @param name of the file in the finished model
     * @return where to write it
     */
    public Path stage(final String name) {
        final Path target = directory.resolve(name);
        targets.add(target);
        return temporary(target);
    }

    /**
     * Makes all staged files appear.
     *
     * @throws IOException if one was not written, or cannot be forced or renamed
     */
    public void commit() throws IOException {
        for (final Path target : targets) {
            try (FileChannel written = FileChannel.open(temporary(target), StandardOpenOption.WRITE)) {
                written.force(true);
            }
        }
        Files.deleteIfExists(targets.getLast());
        for (final Path target : targets) {
            Files.move(temporary(target), target, StandardCopyOption.ATOMIC_MOVE);
        }
        targets.clear();
    }

    /** Removes what was staged and not committed. */
    @Override
    public void close() throws IOException {
        for (final Path target : targets) {
            Files.deleteIfExists(temporary(target));
        }
    }

    private static Path temporary(final Path target) {
        return target.resolveSibling("." + target.getFileName() + ".tmp");
    }
}
