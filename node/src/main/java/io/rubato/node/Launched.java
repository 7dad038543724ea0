package io.rubato.node;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What a launcher tells a process that it starts. The commands and their options are those that people use, but are not
 * read by the command line's library: that takes a JVM that has just started half a second, and a job has five or more.
 */
final class Launched {
    /** Comes after the command and before all other options; each has one value. */
    static final String OPTION = "--launched";

    private final Role role;
    /** Those that nobody has asked for yet. */
    private final Map<String, String> values;

    private Launched(final Role role, final Map<String, String> values) {
        this.role = role;
        this.values = values;
    }

    /** Whether a launcher has started this process, rather than a person. */
    static boolean is(final String... arguments) {
        return arguments.length > 1 && arguments[1].equals(OPTION) && Role.of(arguments[0]) != null;
    }

    /** Runs the process's part of the job; returns the exit code. */
    static int run(final String... arguments) {
        try {
            return parse(arguments).command().call();
        } catch (final Exception e) {
            return ErrorLines.tell(e, new PrintWriter(System.err, true, System.err.charset()));
        }
    }

    /** Of arguments of which {@link #is} is true. */
    static Launched parse(final String... arguments) {
        final Map<String, String> values = new HashMap<>();
        for (int i = 1; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new UsageException(arguments[0] + " " + OPTION + ": expected a value after " + arguments[i]);
            }
            values.put(arguments[i], arguments[i + 1]);
        }
        return new Launched(Role.of(arguments[0]), values);
    }

    /**
     * What the process does.
     *
     * @throws UsageException if an option is missing, malformed, or none of the command's
     */
    Callable<Integer> command() {
        final Callable<Integer> command = switch (role) {
            case DRIVER -> new DriverCommand(this);
            case COORDINATOR -> new CoordinatorCommand(this);
            case SHARD -> new ShardCommand(this);
            case WORKER -> new WorkerCommand(this);
        };
        if (!values.isEmpty()) {
            throw new UsageException(role.command() + " " + OPTION + ": unknown options " + values.keySet());
        }
        return command;
    }

    /** Whether an option was given that has not been asked for. */
    boolean has(final String option) {
        return values.containsKey(option);
    }

    /**
     * The value of an option, once.
     *
     * @throws UsageException if it was not given
     */
    String text(final String option) {
        final String value = values.remove(option);
        if (value == null) {
            throw new UsageException(role.command() + " " + OPTION + ": expected the option " + option);
        }
        return value;
    }

    /** As {@link #text}. */
    Path path(final String option) {
        return Path.of(text(option));
    }

    /**
     * As {@link #text}.
     *
     * @throws UsageException if it is no number, or none of an {@code int}
     */
    int count(final String option) {
        final long value = number(option);
        if (value != (int) value) {
            throw new UsageException(role.command() + " " + option + ": expected a smaller number, got " + value);
        }
        return (int) value;
    }

    /** As {@link #count}, of a {@code long}. */
    long number(final String option) {
        final String value = text(option);
        try {
            return Long.parseLong(value);
        } catch (final NumberFormatException e) {
            throw new UsageException(role.command() + " " + option + ": expected a number, got '" + value + "'");
        }
    }

    /** What threads do that wait. */
    Idle idle() {
        return Idle.of(text(Idle.OPTION));
    }

    /** The launcher's run directory. */
    Path runDirectory() {
        return path(OPTION);
    }
}
