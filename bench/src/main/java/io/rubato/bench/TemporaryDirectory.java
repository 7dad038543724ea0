package io.rubato.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory, mode 0700, that is deleted with all it holds when it is closed, and at the latest when the JVM ends. */
final class TemporaryDirectory implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;
    private final Thread hook = new Thread(this::delete);

    private TemporaryDirectory(final Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** In the default place for temporary files. */
    static TemporaryDirectory create() {
        try {
            return new TemporaryDirectory(Files.createTempDirectory("rubato-bench-"));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In shared memory, where shards keep their rows, if the system has any. */
    static TemporaryDirectory inMemory() {
        if (!Files.isDirectory(SHARED_MEMORY)) {
            return create();
        }
        try {
            return new TemporaryDirectory(Files.createTempDirectory(SHARED_MEMORY, "rubato-bench-"));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        delete();
    }

    private void delete() {
        try (Stream<Path> found = Files.walk(path)) {
            final List<Path> innermostFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (final Path file : innermostFirst) {
                Files.delete(file);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
