package io.rubato.bench;

import io.rubato.node.FailureException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code scripts/rubato train} in processes of its own, on one file of data. */
final class TrainProgram {
    /** System property: the folder that holds {@code scripts/rubato}. */
    static final String ROOT = "rubato.root";

    private final String learner;
    private final Path directory;
    private final Path data;

    /**
     * Made for several runs, one after the other.
     *
     * @param learner   its name
     * @param directory for model and result
     * @param data      to train on
     */
    TrainProgram(final String learner, final Path directory, final Path data) {
        this.learner = learner;
        this.directory = directory;
        this.data = data;
    }

    /**
     * Runs the program to its end; its progress shows on standard error.
     *
     * @return the JSON file that it wrote; the next run replaces it
     * @throws FailureException if it does not end well
     */
    Path run(final List<String> options) throws IOException, InterruptedException {
        final Path json = directory.resolve("result.json");
        final List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty(ROOT), "scripts", "rubato").toString(), "train", learner));
        command.addAll(List.of("--data", data.toString(), "--out", directory.resolve("model").toString(), "--json",
                json.toString()));
        command.addAll(options);
        final Process process = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT).start();
        final Thread hook = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(hook);
        final int exitCode = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(hook);
        if (exitCode != 0) {
            throw new FailureException(String.join(" ", command) + " ended with exit code " + exitCode);
        }
        return json;
    }
}
