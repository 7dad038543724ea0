package io.rubato.node;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Tells a terminal from a file or pipe; {@code System.console()} cannot, when only standard error is one. */
final class Terminal {
    /** Back to the line's start, and erase it. */
    static final String CLEAR_LINE = "\r\u001b[K";
    private static final int STDERR = 2;

    private Terminal() {
    }

    /** Clears what a progress bar left on the line, if standard error is a terminal; otherwise empty. */
    static String clearLine() {
        return isStandardErrorOne() ? CLEAR_LINE : "";
    }

    @SuppressWarnings("restricted")
    static boolean isStandardErrorOne() {
        final Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find("isatty").map(isatty -> {
            try {
                return (int) linker
                        .downcallHandle(isatty, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                        .invokeExact(STDERR) == 1;
            } catch (final Throwable e) {
                throw new LinkageError("isatty", e);
            }
        }).orElse(false);
    }
}
