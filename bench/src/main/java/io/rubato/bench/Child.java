package io.rubato.bench;

import io.rubato.node.FailureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A process of its own, run by {@link ChildMain}, that is told by lines what to do and answers each with named numbers.
 * It ends when it is closed, and when this process is gone, however that came about.
 */
final class Child implements AutoCloseable {
    private static final String JVM_NOISE = "WARNING: Using incubator modules";
    private static final int KIBI = 1024;

    private final String name;
    private final Process process;
    private final PrintStream in;
    private final BufferedReader out;

    private Child(final String name, final Process process) {
        this.name = name;
        this.process = process;
        this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.out = process.inputReader(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("errors of " + name).start(() -> forward(process.getErrorStream()));
    }

    /** Starts the process; it says nothing before it is asked. */
    static Child start(final String name, final List<String> flags, final List<String> arguments) {
        return start(name, List.of(), flags, arguments);
    }

    /** The same by way of another program, which becomes the process. */
    static Child start(final String name, final List<String> prefix, final List<String> flags,
            final List<String> arguments) {
        final List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + options("jvm.options"));
        command.addAll(flags);
        command.addAll(List.of("-Xms16m", "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"),
                ChildMain.class.getName()));
        command.addAll(arguments);
        try {
            return new Child(name, new ProcessBuilder(command).start());
        } catch (final IOException e) {
            throw new FailureException("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    /** With which the program runs a worker's JVM. */
    static List<String> workerFlags() {
        return List.of("@" + options("worker.options"));
    }

    private static Path options(final String file) {
        return Path.of(System.getProperty(TrainProgram.ROOT), "config", file);
    }

    private void forward(final InputStream errors) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith(JVM_NOISE)) {
                    System.err.println(name + ": " + line);
                }
            }
        } catch (final IOException e) {
            // The process was ended.
            return;
        }
    }

    /** Says what to do; {@link #answer} waits for its end. */
    void tell(final Object... words) {
        final List<String> line = new ArrayList<>();
        for (final Object word : words) {
            line.add(word.toString());
        }
        in.println(String.join(" ", line));
    }

    /**
     * The answer to the oldest command that has none.
     *
     * @throws FailureException if the process could not do it, or has ended
     */
    Map<String, Double> answer() {
        try {
            final String line = out.readLine();
            if (line == null) {
                throw new FailureException(name + " (pid " + pid() + ") has ended");
            }
            if (line.startsWith(ChildMain.ERROR)) {
                throw new FailureException(name + ": " + line.substring(ChildMain.ERROR.length()));
            }
            final Map<String, Double> numbers = new LinkedHashMap<>();
            for (final String pair : line.isEmpty() ? new String[0] : line.split(" ")) {
                final int equals = pair.indexOf('=');
                numbers.put(pair.substring(0, equals), Double.parseDouble(pair.substring(equals + 1)));
            }
            return numbers;
        } catch (final IOException e) {
            throw new FailureException(name + " does not answer: " + e.getMessage(), e);
        }
    }

    Map<String, Double> ask(final Object... words) {
        tell(words);
        return answer();
    }

    long pid() {
        return process.pid();
    }

    /** Processor time so far, seconds, in the system's steps, usually of 10 ms. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    /** Resident memory in bytes, mapped files included. */
    long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> KIBI * Long.parseLong(
                            line.replaceAll("\\D", "")))
                    .findFirst().orElseThrow();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
