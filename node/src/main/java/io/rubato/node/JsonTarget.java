package io.rubato.node;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where {@code --json} or a chart goes.
 *
 * @param option names it in messages
 * @param name   a file, {@value #STDOUT} for standard output, or null for nowhere
 */
record JsonTarget(String option, String name) {
    static final String STDOUT = "-";
    private static final int MOST_LINKS = 40;

    /** Of {@code --json}. */
    JsonTarget(final String name) {
        this("--json", name);
    }

    boolean isStandardOutput() {
        return STDOUT.equals(name);
    }

    /** Finds out before the job starts whether {@link #write} can succeed. */
    void check() {
        if (name == null || isStandardOutput()) {
            return;
        }
        final Path file;
        try {
            file = Path.of(name).toAbsolutePath();
        } catch (final InvalidPathException e) {
            throw new UsageException(option + " " + name + ": " + e.getReason());
        }
        if (Files.isDirectory(file)) {
            throw new UsageException(option + " " + name + ": is a directory, expected a file");
        }
        if (!isWrittenThrough(file)) {
            Outputs.probe(option + " " + name, targetOf(file).getParent());
        } else if (!Files.isWritable(file)) {
            throw new UsageException(option + " " + name + ": permission to write denied");
        }
    }

    /** Writes; readers of a file see the old content or all of the new one. */
    void write(final String text, final PrintStream out) {
        if (name == null) {
            return;
        }
        if (isStandardOutput()) {
            out.print(text);
            if (out.checkError()) {
                throw new FailureException("cannot write the result to standard output");
            }
            return;
        }
        try {
            write(Path.of(name).toAbsolutePath(), text.getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new FailureException("cannot write " + name + ": " + e.getMessage(), e);
        }
    }

    /** A device or a pipe is written to, not replaced by a file. */
    private static boolean isWrittenThrough(final Path file) {
        return Files.exists(file) && !Files.isRegularFile(file);
    }

    private Path targetOf(final Path file) {
        try {
            return linked(file);
        } catch (final IOException e) {
            throw new UsageException(option + " " + name + ": cannot follow the link: " + e.getMessage());
        }
    }

    /** What a link points to is replaced, not the link. */
    private static Path linked(final Path file) throws IOException {
        Path target = file;
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MOST_LINKS) {
                throw new IOException("more than " + MOST_LINKS + " links");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    private static void write(final Path file, final byte[] content) throws IOException {
        if (isWrittenThrough(file)) {
            Files.write(file, content, StandardOpenOption.WRITE);
            return;
        }
        final Path target = linked(file);
        final Path unfinished = target.resolveSibling("." + target.getFileName() + ".rubato-new");
        Files.deleteIfExists(unfinished);
        try {
            Files.write(unfinished, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }
}
