package io.rubato.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory, mode 0700, that is deleted with all it holds when it is closed, and at the latest when the JVM ends. One
 * that a killed JVM left in shared memory is deleted when the next is made: its name tells whose it was.
 */
final class TemporaryDirectory implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Pattern NAME = Pattern.compile("rubato-bench-(\\d+)-.*");

    private final Path path;
    private final Thread hook = new Thread(this::deleteAtExit);

    private TemporaryDirectory(final Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** In the default place for temporary files. */
    static TemporaryDirectory create() {
        try {
            return new TemporaryDirectory(Files.createTempDirectory(prefix()));
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
            sweep(SHARED_MEMORY);
            return new TemporaryDirectory(Files.createTempDirectory(SHARED_MEMORY, prefix()));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String prefix() {
        return "rubato-bench-" + ProcessHandle.current().pid() + "-";
    }

    /** Deletes what processes left that are gone. */
    static void sweep(final Path parent) throws IOException {
        try (Stream<Path> found = Files.list(parent)) {
            for (final Path candidate : found.toList()) {
                final Matcher name = NAME.matcher(candidate.getFileName().toString());
                if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
                        && Files.isWritable(candidate)) {
                    deleteRecursively(candidate);
                }
            }
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

    /** Harmless when called again. */
    void delete() {
        try {
            deleteRecursively(path);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteAtExit() {
        try {
            deleteRecursively(path);
        } catch (final IOException e) {
            // Someone still writes there, and deletes it when he has ended; if not, the next start does.
            return;
        }
    }

    private static void deleteRecursively(final Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> found = Files.walk(directory)) {
            final List<Path> innermostFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (final Path file : innermostFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
