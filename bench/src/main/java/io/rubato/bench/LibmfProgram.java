package io.rubato.bench;

import io.rubato.node.FailureException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

/**
 * LIBMF's {@code mf-train} on the same ratings. It tells no times, so two runs of different length are timed: what they
 * do not share are iterations.
 */
final class LibmfProgram {
    private static final int SHORT = 5;
    private static final int LONG = 105;

    private final Path program;
    private final Path data;
    private final int rank;
    private final int threads;

    LibmfProgram(final Path program, final Path data, final int rank, final int threads) {
        this.program = program;
        this.data = data;
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

    private double seconds(final int iterations) throws IOException, InterruptedException {
        final List<String> command = List.of(program.toString(), "-f", "0", "-k", Integer.toString(rank), "-t",
                Integer.toString(iterations), "-s", Integer.toString(threads), data.toString(), "/dev/null");
        final long start = System.nanoTime();
        final int exitCode = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD).start().waitFor();
        if (exitCode != 0) {
            throw new FailureException(String.join(" ", command) + " ended with exit code " + exitCode);
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
