package io.rubato.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code scripts/rubato train mf} in processes of its own, on one file of ratings. */
final class TrainProgram {
    /** System property: the folder that holds {@code scripts/rubato}. */
    static final String ROOT = "rubato.root";
    private static final String FIRST_CLOCK = "clock 1/";

    private final Path directory;
    private final Path data;

    /**
     * Made for several runs, one after the other.
     *
     * @param directory for model and result
     * @param data      ratings
     */
    TrainProgram(final Path directory, final Path data) {
        this.directory = directory;
        this.data = data;
    }

    /**
     * A run.
     *
     * @param json              file that the program wrote; the next run replaces it
     * @param firstClockSeconds from the command to the end of the first clock; NaN if none was shown
     */
    record Run(Path json, double firstClockSeconds) {
    }

    /**
     * Runs the program to its end; its progress shows on standard error.
     *
     * @throws FailureException if it does not end well
     */
    Run run(final List<String> options) throws IOException, InterruptedException {
        final Path json = directory.resolve("result.json");
        final List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty(ROOT), "scripts", "rubato").toString(), "train", "mf"));
        command.addAll(List.of("--data", data.toString(), "--out", directory.resolve("model").toString(), "--json",
                json.toString()));
        command.addAll(options);
        final long start = System.nanoTime();
        final Process process = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).start();
        final Thread hook = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(hook);
        double firstClockSeconds = Double.NaN;
        try (BufferedReader progress = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = progress.readLine(); line != null; line = progress.readLine()) {
                if (line.startsWith(FIRST_CLOCK)) {
                    firstClockSeconds = (System.nanoTime() - start) / 1e9;
                }
                System.err.println(line);
            }
        }
        final int exitCode = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(hook);
        if (exitCode != 0) {
            throw new FailureException(String.join(" ", command) + " ended with exit code " + exitCode);
        }
        return new Run(json, firstClockSeconds);
    }
}
