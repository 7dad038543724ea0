package io.rubato.simulator;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Code that can be left in the middle and gone on with later, all on one thread. One that never ends is garbage like
 * any other object.
 *
 * <p>It stands on the JDK's own continuations, those below virtual threads. They are not public: the JVM needs {@code
 * --add-exports java.base/jdk.internal.vm=ALL-UNNAMED}, and as a compiler that checks against a release does not see
 * them at all, they are found by name.
 */
final class Coroutine {
    private static final MethodHandle NEW;
    private static final MethodHandle RUN;
    private static final MethodHandle IS_DONE;
    private static final MethodHandle YIELD;

    static {
        try {
            final Class<?> scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
            final Class<?> type = Class.forName("jdk.internal.vm.Continuation");
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            final Object scope = lookup.findConstructor(scopeType, MethodType.methodType(void.class, String.class))
                    .invoke("simulator");
            NEW = lookup.findConstructor(type, MethodType.methodType(void.class, scopeType, Runnable.class))
                    .bindTo(scope).asType(MethodType.methodType(Object.class, Runnable.class));
            RUN = lookup.findVirtual(type, "run", MethodType.methodType(void.class))
                    .asType(MethodType.methodType(void.class, Object.class));
            IS_DONE = lookup.findVirtual(type, "isDone", MethodType.methodType(boolean.class))
                    .asType(MethodType.methodType(boolean.class, Object.class));
            YIELD = lookup.findStatic(type, "yield", MethodType.methodType(boolean.class, scopeType)).bindTo(scope);
        } catch (final Throwable e) {
            throw new ExceptionInInitializerError(new IllegalStateException(
                    "the simulator needs --add-exports java.base/jdk.internal.vm=ALL-UNNAMED (see config/jvm.options)",
                    e));
        }
    }

    private final Object continuation;

    /** Code that has not begun. */
    Coroutine(final Runnable body) {
        try {
            continuation = (Object) NEW.invokeExact(body);
        } catch (final Throwable e) {
            throw rethrown(e);
        }
    }

    /** Runs until the next {@link #suspend} or the end; whatever the code throws comes out here, and ends it. */
    void resume() {
        try {
            RUN.invokeExact(continuation);
        } catch (final Throwable e) {
            throw rethrown(e);
        }
    }

    boolean isDone() {
        try {
            return (boolean) IS_DONE.invokeExact(continuation);
        } catch (final Throwable e) {
            throw rethrown(e);
        }
    }

    /** Leaves the coroutine that is running on this thread; returns when it is resumed. */
    static void suspend() {
        try {
            final boolean _ = (boolean) YIELD.invokeExact();
        } catch (final Throwable e) {
            throw rethrown(e);
        }
    }

    private static RuntimeException rethrown(final Throwable e) {
        if (e instanceof final RuntimeException unchecked) {
            return unchecked;
        }
        if (e instanceof final Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
