package io.rubato.transport.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.ShutdownSignalBarrier;

/**
 * The media driver, which carries the messages between processes: one thread, embedded in this process ({@link #launch}) or as the one job of a
 * process of its own ({@link #run}).
 */
public final class Driver implements AutoCloseable {
    private final Path directory;
    private final MediaDriver driver;

    private Driver(final Path directory, final MediaDriver driver) {
        this.directory = directory;
        this.driver = driver;
    }

    /**
     * Starts a driver on a thread of this process. Files that a killed driver left in the directory are deleted.
     *
     * @param context not changed or used again afterwards
     * @return the driver, ready for transports
     * @throws IllegalArgumentException       if the context has mistakes, with a sentence for each
     * @throws IllegalStateException          if a living driver uses the directory, or others may enter it
     * @throws java.io.UncheckedIOException if the directory cannot be made
     */
    public static Driver launch(final DriverContext context) {
        context.conclude();
        final Path directory = context.directory();
        DriverDirectory.prepare(directory, context.livenessTimeoutMs());
        final long livenessNs = TimeUnit.MILLISECONDS.toNanos(context.livenessTimeoutMs());
        final MediaDriver.Context aeron = new MediaDriver.Context()
                .aeronDirectoryName(DriverDirectory.aeron(directory).toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(context.idleStrategy())
                .termBufferSparseFile(true)
                .clientLivenessTimeoutNs(livenessNs)
                .imageLivenessTimeoutNs(livenessNs)
                .publicationConnectionTimeoutNs(livenessNs)
                // A claim is unblocked only after its client is known to be dead.
                .publicationUnblockTimeoutNs(2 * livenessNs)
                .errorHandler(new OncePerKind(context.log()));
        try {
            return new Driver(directory, MediaDriver.launch(aeron));
        } catch (final RuntimeException e) {
            DriverDirectory.remove(directory);
            throw e;
        }
    }

    /**
     * Runs a driver until SIGINT, SIGTERM or the stop action ends it. Blocks meanwhile. Throws as {@link #launch} does.
     *
     * @param context not changed or used again afterwards
     * @param ready   called once, when transports can connect, with the action that stops the driver; the action may be run by any thread
     */
    public static void run(final DriverContext context, final Consumer<Runnable> ready) {
        try (ShutdownSignalBarrier barrier = new ShutdownSignalBarrier();
                Driver _ = launch(context)) {
            ready.accept(barrier::signal);
            barrier.await();
        }
    }

    /**
     * Where transports find the driver.
     *
     * @return as configured
     */
    public Path directory() {
        return directory;
    }

    /** Stops the driver and deletes its files; the directory too unless other files are in it. Transports notice within a second. */
    @Override
    public void close() {
        driver.close();
        DriverDirectory.remove(directory);
    }
}
