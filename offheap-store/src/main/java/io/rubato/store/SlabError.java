package io.rubato.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What is thrown about a slab file: one line that names it. */
final class SlabError {
    private SlabError() {
    }

    static UncheckedIOException wrong(final Path file, final long offset, final String found, final String expected) {
        final String message = file + ": offset " + offset + ": found " + found + ", expected " + expected;
        return new UncheckedIOException(message, new IOException(message));
    }

    static UncheckedIOException failed(final Path file, final String action, final IOException cause) {
        return new UncheckedIOException(file + ": cannot " + action + ": " + cause, cause);
    }
}
