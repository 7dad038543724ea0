package io.rubato.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process of the job, as its launcher sees it. Its standard input is its {@link Lifeline}. */
final class Child {
    private static final String JVM_NOISE = "WARNING: Using incubator modules";
    private static final int SIGNALLED = 128;

    private final Role role;
    private final String label;
    private final Process process;
    private final Thread output;

    private Child(final Role role, final String label, final Process process, final Thread output) {
        this.role = role;
        this.label = label;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a process. The coordinator writes straight to the launcher's standard output and error; what the others
     * write goes to {@code log} line by line, behind their label.
     */
    static Child start(final Role role, final int index, final List<String> command, final PrintStream log,
            final Consumer<Child> onExit) {
        final ProcessBuilder builder = new ProcessBuilder(command);
        final boolean display = role == Role.COORDINATOR;
        if (display) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        } else {
            builder.redirectErrorStream(true);
        }
        final String label = role.label(index);
        try {
            final Process process = builder.start();
            final Thread output =
                    Thread.ofPlatform().name("output of " + label).daemon().unstarted(() -> copy(process, label, log));
            output.start();
            final Child child = new Child(role, label, process, output);
            process.onExit().thenAccept(ended -> onExit.accept(child));
            return child;
        } catch (final IOException e) {
            throw new FailureException("cannot start " + label + ": " + e.getMessage(), e);
        }
    }

    private static void copy(final Process process, final String label, final PrintStream log) {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith(JVM_NOISE)) {
                    log.println(label + ": " + line);
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("output of " + label, e);
        }
    }

    Role role() {
        return role;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Exit code of a process that has ended; 128 + signal if a signal ended it. */
    int exitCode() {
        return process.exitValue();
    }

    boolean wasKilled() {
        return exitCode() > SIGNALLED;
    }

    /** One sentence about how the process ended. */
    String death() {
        final int signal = exitCode() - SIGNALLED;
        final String name = switch (signal) {
            case 2 -> "SIGINT";
            case 6 -> "SIGABRT";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 15 -> "SIGTERM";
            default -> "signal " + signal;
        };
        return label + " (pid " + pid() + ") "
                + (wasKilled() ? "was killed by " + name : "exited with code " + exitCode());
    }

    /** Asks the process to end. */
    void terminate() {
        // Not Process.destroy(): that closes our ends of the pipes too, and with them the last words of the child.
        process.toHandle().destroy();
    }

    /** Ends the process. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for the end and the last line of output; returns whether the process has ended. */
    boolean awaitExit(final long timeoutMs) {
        try {
            final boolean ended = process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
            if (ended) {
                output.join(timeoutMs);
            }
            return ended;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
