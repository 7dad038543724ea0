package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program as a process of its own, with everything it and its children print. */
final class RunningProgram implements AutoCloseable {
    private static final long PATIENCE_S = 120;

    /** Of the signals that a process ignores. */
    private static final long INTERRUPT = 1L << 1;

    private final Process process;
    private final List<String> err = new ArrayList<>();
    private final StringBuffer out = new StringBuffer();
    private final List<Thread> readers = new ArrayList<>();

    private RunningProgram(final Process process) {
        this.process = process;
        readers.add(read(process.inputReader(), line -> out.append(line).append('\n')));
        readers.add(read(process.errorReader(), this::onErrorLine));
    }

    /** Starts it with the flags of its role; what is none gets those of one that does not compute. */
    static RunningProgram start(final String... arguments) {
        return start(Map.of(), arguments);
    }

    /** The same; its children get the flags of that file. */
    static RunningProgram start(final Path flagsOfChildren, final String... arguments) {
        return start(Map.of(JvmCommand.OPTIONS_FILE, flagsOfChildren.toString()), arguments);
    }

    /** The same, with further system properties. */
    static RunningProgram start(final Map<String, String> properties, final String... arguments) {
        final List<String> command = command(Arrays.asList(arguments));
        final Map<String, String> all = new HashMap<>(properties);
        all.putIfAbsent(JvmCommand.OPTIONS_FILE, System.getProperty(JvmCommand.OPTIONS_FILE));
        all.forEach((name, value) -> command.add(1, "-D" + name + "=" + value));
        if (ignoresInterrupts()) {
            command.addAll(0, List.of("env", "--default-signal=INT"));
        }
        try {
            return new RunningProgram(new ProcessBuilder(command).start());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(final List<String> arguments) {
        final Role role = arguments.isEmpty() ? null : Role.of(arguments.getFirst());
        if (role != null) {
            return JvmCommand.create().of(role, arguments.subList(1, arguments.size()));
        }
        final List<String> command = JvmCommand.create().of(Role.DRIVER, arguments);
        command.remove(Role.DRIVER.command());
        return command;
    }

    /** A shell that starts tests in its background has them ignore Ctrl-C, and so would all that they start. */
    private static boolean ignoresInterrupts() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & INTERRUPT) != 0);
        } catch (final IOException e) {
            return false;
        }
    }

    /** Runs it to its end, which must be a good one; returns the object it printed. */
    static Map<String, Object> json(final String... arguments) {
        try (RunningProgram program = start(arguments)) {
            program.awaitExit(0);
            return Json.parse(program.out());
        }
    }

    private static Thread read(final BufferedReader reader, final Consumer<String> onLine) {
        return Thread.ofPlatform().daemon().start(() -> reader.lines().forEach(onLine));
    }

    private synchronized void onErrorLine(final String line) {
        err.add(line);
        notifyAll();
    }

    /** Blocks until a line of standard error starts like that. */
    synchronized void awaitErrorLine(final String start) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (err.stream().noneMatch(line -> line.startsWith(start))) {
            if (!process.isAlive() || System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("no line '" + start + "' in:\n" + String.join("\n", err));
            }
            wait(100);
        }
    }

    /** Waits for the end, which must come with that code. */
    void awaitExit(final int code) {
        awaitExit(code, PATIENCE_S);
    }

    /** Waits for the end, which must come in time and with that code. */
    void awaitExit(final int code, final long seconds) {
        try {
            final boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            for (final Thread reader : readers) {
                reader.join(ended ? 5_000 : 1);
            }
            if (!ended) {
                throw new AssertionError("still running after " + seconds + " s:\n" + err() + out);
            }
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
        assertEquals(code, process.exitValue(), () -> err() + out);
    }

    synchronized String err() {
        return err.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    String out() {
        return out.toString();
    }

    /** The launcher itself. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The children, in the order of their start. */
    List<ProcessHandle> children() {
        return process.children().sorted((a, b) -> Long.compare(a.pid(), b.pid())).toList();
    }

    /** A child by its role and index. */
    ProcessHandle child(final Role role, final int index) {
        return children().stream().filter(child -> arguments(child).contains(role.command()))
                .filter(child -> role == Role.DRIVER || role == Role.COORDINATOR
                        || valueOf("--index", child).equals(Integer.toString(index)))
                .findFirst().orElseThrow(() -> new AssertionError("no " + role + " " + index + ":\n" + err()));
    }

    /** The job's run directory. */
    Path runDirectory() {
        return Path.of(valueOf("--launched", child(Role.COORDINATOR, 0)));
    }

    private static String valueOf(final String option, final ProcessHandle child) {
        final List<String> arguments = arguments(child);
        return arguments.get(arguments.indexOf(option) + 1);
    }

    private static List<String> arguments(final ProcessHandle child) {
        // What ProcessHandle tells of a command line is nothing if that is longer than a page.
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(child.pid()), "cmdline")).split("\0"));
        } catch (final IOException e) {
            return List.of();
        }
    }

    /** Sends a signal, for example {@code INT}. */
    static void signal(final ProcessHandle target, final String name) throws IOException, InterruptedException {
        assertEquals(0,
                new ProcessBuilder("kill", "-" + name, Long.toString(target.pid())).inheritIO().start().waitFor());
    }

    /** Kills what is still there. */
    @Override
    public void close() {
        final List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
