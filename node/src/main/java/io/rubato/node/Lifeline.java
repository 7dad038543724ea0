package io.rubato.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * Ends a child process when its launcher is gone: the child's standard input is a pipe that only the launcher holds
 * open, so its end means that the launcher ended, however that came about.
 */
final class Lifeline {
    private Lifeline() {
    }

    /**
     * Ties this process to its launcher: locks the run directory, and watches standard input.
     *
     * @param runDirectory null if nobody launched this process
     */
    static void tie(final Path runDirectory) {
        if (runDirectory != null) {
            final RunDirectory run = RunDirectory.join(runDirectory);
            // The thread keeps the reference, and with it the lock.
            watch(System.in, () -> {
                System.err.println("the launcher of " + run.path() + " is gone");
                Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
            });
        }
    }

    /** Watches the pipe on a daemon thread of its own; runs {@code onCut} there, once. */
    static Thread watch(final InputStream pipe, final Runnable onCut) {
        return Thread.ofPlatform().name("lifeline").daemon().start(() -> {
            try {
                pipe.transferTo(OutputStream.nullOutputStream());
            } catch (final IOException e) {
                // A pipe that breaks has ended as well.
                onCut.run();
                return;
            }
            onCut.run();
        });
    }
}
