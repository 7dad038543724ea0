package io.rubato.node;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Tells a terminal from a file or pipe; {@code System.console()} cannot, when only standard error is one. */
final class Terminal {
    private static final int STDERR = 2;

    private Terminal() {
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
