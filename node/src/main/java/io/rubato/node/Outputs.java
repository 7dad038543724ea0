package io.rubato.node;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Finds out before a job starts whether its results can be written. */
final class Outputs {
    private Outputs() {
    }

    /**
     * Makes sure that files can be created in a directory.
     *
     * @param option    names the directory in the message
     * @param directory made if it is not there
     * @throws UsageException if it is not writable
     */
    static void probe(final String option, final Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".rubato", ".probe"));
        } catch (final IOException e) {
            throw new UsageException(option + ": cannot write to the directory " + directory + ": " + reason(e));
        }
    }

    private static String reason(final IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "a file is in the way";
            case NotDirectoryException _ -> "a file is in the way";
            default -> e.getMessage();
        };
    }
}
