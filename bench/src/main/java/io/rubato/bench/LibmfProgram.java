package io.rubato.bench;

import io.rubato.node.FailureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * LIBMF's {@code mf-train} with its defaults on the same ratings. It tells no times, so two runs of different length
 * are timed: what they do not share are iterations.
 */
final class LibmfProgram {
    private static final int SHORT = 5;
    private static final int LONG = 105;
    private static final Pattern ITERATION = Pattern.compile("\\d+");
    private static final int COLUMNS = 4;
    private static final int TEST_RMSE = 2;

    private final Path program;
    private final Path data;
    private final Path test;
    private final int rank;
    private final int threads;

    LibmfProgram(final Path program, final Path data, final Path test, final int rank, final int threads) {
        this.program = program;
        this.data = data;
        this.test = test;
        this.rank = rank;
        this.threads = threads;
    }

    double ratingsPerSecond(final int ratings) throws IOException, InterruptedException {
        final double start = seconds(SHORT);
        final double end = seconds(LONG);
        if (end <= start) {
            throw new FailureException(program + " takes no longer for " + LONG + " iterations than for " + SHORT);
        }
        return (double) ratings * (LONG - SHORT) / (end - start);
    }

    /** RMSE on the test ratings over iterations, which are passes over the ratings. */
    ObjectiveCurve tests(final int iterations) throws IOException, InterruptedException {
        final List<String> command = command(iterations, List.of("-p", test.toString()));
        final Process process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        final double[] values;
        try (BufferedReader lines = process.inputReader()) {
            // iter, tr_rmse, va_rmse, obj
            values = lines.lines().map(line -> line.strip().split("\\s+"))
                    .filter(cells -> cells.length == COLUMNS && ITERATION.matcher(cells[0]).matches())
                    .mapToDouble(cells -> Double.parseDouble(cells[TEST_RMSE])).toArray();
        }
        if (process.waitFor() != 0 || values.length != iterations) {
            throw new FailureException(
                    String.join(" ", command) + " told " + values.length + " errors of " + iterations);
        }
        final double[] passes = new double[values.length];
        Arrays.setAll(passes, i -> i + 1);
        return new ObjectiveCurve(passes, values);
    }

    private List<String> command(final int iterations, final List<String> more) {
        final List<String> command = new ArrayList<>(List.of(program.toString(), "-f", "0", "-k",
                Integer.toString(rank), "-t", Integer.toString(iterations), "-s", Integer.toString(threads)));
        command.addAll(more);
        command.addAll(List.of(data.toString(), "/dev/null"));
        return command;
    }

    private double seconds(final int iterations) throws IOException, InterruptedException {
        final List<String> command = command(iterations, List.of());
        final long start = System.nanoTime();
        final int exitCode = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD).start().waitFor();
        if (exitCode != 0) {
            throw new FailureException(String.join(" ", command) + " ended with exit code " + exitCode);
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
