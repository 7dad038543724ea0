package io.rubato.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a terminal from a file or pipe; {@code System.console()} cannot, when only standard error is one. */
final class Terminal {
    /** Back to the line's start, and erase it. */
    static final String CLEAR_LINE = "\r\u001b[K";
    private static final Path STDERR = Path.of("/proc/self/fd/2");

    private Terminal() {
    }

    /** Clears what a progress bar left on the line, if standard error is a terminal; otherwise empty. */
    static String clearLine() {
        return isStandardErrorOne() ? CLEAR_LINE : "";
    }

    /** By the name of its device: to ask {@code isatty} takes a JVM that has just started a while to link. */
    static boolean isStandardErrorOne() {
        try {
            final String device = Files.readSymbolicLink(STDERR).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (final IOException e) {
            return false;
        }
    }
}
