package io.rubato.transport.aeron;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.agrona.ErrorHandler;

/**
 * Logs the first error of each kind: same exception class, thrown at the same place. Aeron's own error log counts the
 * rest.
 */
final class OncePerKind implements ErrorHandler {
    private final Consumer<String> log;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    OncePerKind(final Consumer<String> log) {
        this.log = log;
    }

    @Override
    public void onError(final Throwable error) {
        final StackTraceElement[] trace = error.getStackTrace();
        if (seen.add(error.getClass().getName() + (trace.length == 0 ? "" : trace[0].toString()))) {
            log.accept("media driver: " + error);
        }
    }
}
