package io.rubato.transport.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.aeron.driver.status.SystemCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.ShutdownSignalBarrier;

/**
 * The media driver, which carries the messages between processes: one thread, embedded in this process ({@link
 * #launch}) or as the one job of a process of its own ({@link #run}).
 */
public final class Driver implements AutoCloseable {
    /**
     * A window of each of 16 senders, 128 KiB long. With Aeron's default of one window the datagrams of six senders to
     * one endpoint were lost and resent by the thousand; with this, none.
     */
    private static final int RECEIVE_BUFFER_LENGTH = 2 << 20;
    /** Room for 8,192 counters, of which a stream takes about six; Aeron's default touches 40 MiB of shared memory. */
    private static final int COUNTERS_LENGTH = 1 << 20;

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
     * @throws IllegalArgumentException if the context has mistakes, with a sentence for each
     * @throws IllegalStateException    if a living driver uses the directory, or others may enter it
     * @throws UncheckedIOException     if the directory or a socket cannot be made
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
                .asyncExecutorIdleStrategy(resolving())
                .termBufferSparseFile(true)
                .clientLivenessTimeoutNs(livenessNs)
                .imageLivenessTimeoutNs(livenessNs)
                .publicationConnectionTimeoutNs(livenessNs)
                // A claim is unblocked only after its client is known to be dead.
                .publicationUnblockTimeoutNs(2 * livenessNs)
                .socketRcvbufLength(receiveBufferLength())
                .counterValuesBufferLength(COUNTERS_LENGTH)
                .errorHandler(new OncePerKind(context.log()));
        aeron.sharedIdleStrategy(
                new DriverIdle(context.localIdleStrategy(), context.networkIdleStrategy(), () -> isOnNetwork(aeron)));
        try {
            return new Driver(directory, MediaDriver.launch(aeron));
        } catch (final RuntimeException e) {
            DriverDirectory.remove(directory);
            throw e;
        }
    }

    /** Of the thread that resolves names of other machines: by default it wakes up a thousand times a second. */
    private static IdleStrategy resolving() {
        return new BackoffIdleStrategy(1, 1, TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(16));
    }

    private static boolean isOnNetwork(final MediaDriver.Context running) {
        final SystemCounters counters = running.systemCounters();
        return counters.get(SystemCounterDescriptor.BYTES_SENT).get() > 0
                || counters.get(SystemCounterDescriptor.BYTES_RECEIVED).get() > 0;
    }

    private static int receiveBufferLength() {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_LENGTH);
            return Math.min(RECEIVE_BUFFER_LENGTH, probe.getOption(StandardSocketOptions.SO_RCVBUF));
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot open a UDP socket", e);
        }
    }

    /**
     * Runs a driver until SIGINT, SIGTERM or the stop action ends it. Blocks meanwhile. Throws as {@link #launch} does.
     *
     * @param context not changed or used again afterwards
     * @param ready   called once, when transports can connect, with the action that stops the driver; the action may be
     *                run by any thread
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

    /**
     * Stops the driver and deletes its files; the directory too unless other files are in it. Transports notice within
     * a second.
     */
    @Override
    public void close() {
        driver.close();
        DriverDirectory.remove(directory);
    }
}
