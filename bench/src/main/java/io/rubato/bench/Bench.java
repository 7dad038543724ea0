package io.rubato.bench;

import io.rubato.node.FailureException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every measurement's command does: {@code --json}, and one line for wrong usage. */
abstract class Bench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE",
            description = "Write the figures as one JSON object; - for standard output, with text on standard error.")
    private String json;

    @Override
    public final Integer call() {
        try {
            check();
            final Report report = Report.to(json);
            final int exitCode = measure(report);
            report.write();
            return exitCode;
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (final IOException e) {
            throw new FailureException("the measurement failed: " + e.getMessage(), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted", e);
        }
    }

    /**
     * Judges the options before anything starts.
     *
     * @throws IllegalArgumentException with a sentence if one is out of range
     */
    abstract void check();

    /** Measures, prints as it goes, and leaves its figures in the report; returns the exit code. */
    abstract int measure(Report report) throws IOException, InterruptedException;

    /** Refuses a number that is out of range. */
    static void inRange(final String option, final long value, final long min, final long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + " must be " + min + " to " + max + ", got " + value);
        }
    }
}
