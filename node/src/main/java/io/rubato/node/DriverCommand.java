package io.rubato.node;

import io.rubato.transport.aeron.Driver;
import io.rubato.transport.aeron.DriverContext;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rubato driver}: the media driver in a process of its own. */
@Command(name = "driver", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs the media driver, which carries messages between the processes of this machine and to "
                + "other machines. Every machine of a cluster needs one. Runs until it is interrupted.")
final class DriverCommand implements Callable<Integer> {
    @Option(names = "--media-driver", paramLabel = "DIR", required = true,
            description = "Where it keeps its files, best below /dev/shm; the other processes name the same directory.")
    private Path directory;

    @Option(names = Idle.OPTION, paramLabel = "HOW", defaultValue = Idle.DEFAULT, converter = Idle.Parser.class,
            description = Idle.DESCRIPTION)
    private Idle idle;

    /** Null if a person started it. */
    private Path launched;

    /** Read from the command line. */
    DriverCommand() {
    }

    DriverCommand(final Launched given) {
        directory = given.path("--media-driver");
        idle = given.idle();
        launched = given.runDirectory();
    }

    @Override
    public Integer call() {
        Lifeline.tie(launched);
        try {
            Driver.run(context(directory, idle), stop -> {});
        } catch (final IllegalStateException | IllegalArgumentException | UncheckedIOException e) {
            throw new UsageException("--media-driver " + directory + ": " + e.getMessage());
        }
        return 0;
    }

    /** A driver in this process. */
    static Driver launch(final Path directory, final Idle idle) {
        try {
            return Driver.launch(context(directory, idle));
        } catch (final IllegalStateException | IllegalArgumentException | UncheckedIOException e) {
            throw new UsageException("--media-driver " + directory + ": " + e.getMessage());
        }
    }

    static DriverContext context(final Path directory, final Idle idle) {
        return new DriverContext().directory(directory).livenessTimeoutMs(CoordinatorCommand.LIVENESS_MS)
                .networkIdleStrategy(idle.ofAgent(false)).localIdleStrategy(idle.ofCalmAgent());
    }
}
