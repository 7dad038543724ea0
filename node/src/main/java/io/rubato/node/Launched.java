package io.rubato.node;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What a launcher tells a process that it starts. The commands and their options are those that people use, but are not
 * read by the command line's library: that takes a JVM that has just started half a second, and a job has five or more.
 */
final class Launched {
    /** Comes after the command and before all other options. */
    static final String OPTION = "--launched";

    private final String command;
    private final Map<String, String> values;

    private Launched(final String command, final Map<String, String> values) {
        this.command = command;
        this.values = values;
    }

    /** Whether a launcher has started this process, rather than a person. */
    static boolean is(final String... arguments) {
        return arguments.length > 1 && arguments[1].equals(OPTION);
    }

    /** Runs the process's part of the job; returns the exit code. */
    static int run(final String... arguments) {
        try {
            return parse(arguments).role().call();
        } catch (final Exception e) {
            return ErrorLines.tell(e, new PrintWriter(System.err, true, Charset.defaultCharset()));
        }
    }

    /** After the command, options, each with one value or none. */
    static Launched parse(final String... arguments) {
        final Map<String, String> values = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            final boolean hasValue = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
            values.put(arguments[i], hasValue ? arguments[++i] : "");
        }
        return new Launched(arguments[0], values);
    }

    private Callable<Integer> role() {
        return switch (Role.valueOf(command.toUpperCase(Locale.ROOT))) {
            case DRIVER -> new DriverCommand(this);
            case COORDINATOR -> new CoordinatorCommand(this);
            case SHARD -> new ShardCommand(this);
            case WORKER -> new WorkerCommand(this);
        };
    }

    /** Whether an option was given. */
    boolean has(final String option) {
        return values.containsKey(option);
    }

    /**
     * The value of an option.
     *
     * @throws UsageException if it was not given
     */
    String text(final String option) {
        final String value = values.get(option);
        if (value == null) {
            throw new UsageException(command + " " + OPTION + " expects the option " + option);
        }
        return value;
    }

    /** As {@link #text}. */
    Path path(final String option) {
        return Path.of(text(option));
    }

    /** As {@link #number}, if it fits. */
    int count(final String option) {
        return Math.toIntExact(number(option));
    }

    /** As {@link #text}. */
    long number(final String option) {
        try {
            return Long.parseLong(text(option));
        } catch (final NumberFormatException e) {
            throw new UsageException(command + " " + option + ": expected a number, got '" + text(option) + "'");
        }
    }

    /** The launcher's run directory. */
    Path runDirectory() {
        return path(OPTION);
    }
}
