package io.rubato.node;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where {@code --json} or a chart goes.
 *
 * @param option names it in messages
 * @param name   a file, {@value #STDOUT} for standard output, or null for nowhere
 */
record JsonTarget(String option, String name) {
    static final String STDOUT = "-";

    /** Of {@code --json}. */
    JsonTarget(final String name) {
        this("--json", name);
    }

    boolean isStandardOutput() {
        return STDOUT.equals(name);
    }

    /** Finds out before the job starts whether {@link #write} can succeed. */
    void check() {
        if (name != null && !isStandardOutput()) {
            final Path file = Path.of(name).toAbsolutePath();
            if (Files.isDirectory(file)) {
                throw new UsageException(option + " " + name + ": is a directory, expected a file");
            }
            Outputs.probe(option + " " + name, file.getParent());
        }
    }

    /** Writes; readers of a file see the old content or all of the new one. */
    void write(final String text, final PrintStream out) {
        if (name == null) {
            return;
        }
        if (isStandardOutput()) {
            out.print(text);
            out.flush();
            return;
        }
        final Path file = Path.of(name).toAbsolutePath();
        final Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(unfinished, text.getBytes(StandardCharsets.UTF_8));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException e) {
            throw new FailureException("cannot write " + name + ": " + e.getMessage(), e);
        }
    }
}
