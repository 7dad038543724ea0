package io.rubato.transport.aeron;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * How a media {@link Driver} is set up. Only the directory is required. Checked once, when the driver starts, and used
 * for one driver.
 */
public final class DriverContext {
    /**
     * Long enough that a process which is stopped for a second or two, by a collection or by its neighbours on two busy
     * cores, stays alive; short enough that a killed one is noticed well within ten seconds, as the driver looks once a
     * second.
     */
    static final long DEFAULT_LIVENESS_TIMEOUT_MS = 5_000;

    private Path directory;
    private long livenessTimeoutMs = DEFAULT_LIVENESS_TIMEOUT_MS;
    private IdleStrategy networkIdleStrategy = new BackoffIdleStrategy(10, 20, 1_000, 250_000);
    // With half a term of 4 MiB under way, a driver that parks for 250 us still lets 8 GB/s through.
    private IdleStrategy localIdleStrategy = new BackoffIdleStrategy(10, 1, 250_000, 1_000_000);
    private Consumer<String> log = System.err::println;

    /** Nothing is set yet but the defaults. */
    public DriverContext() {
    }

    /**
     * Where the driver keeps its files and the streams' buffers; best in {@code /dev/shm}. Made with mode 0700 if it
     * does not exist; refused if others may enter it. Its parent must exist.
     *
     * @param directory not used by any other driver
     * @return this
     */
    public DriverContext directory(final Path directory) {
        this.directory = directory;
        return this;
    }

    /**
     * How long a process, or a peer across the network, may be silent before it counts as dead.
     *
     * @param ms 2000 to 60000; by default 5000
     * @return this
     */
    public DriverContext livenessTimeoutMs(final long ms) {
        this.livenessTimeoutMs = ms;
        return this;
    }

    /**
     * What the driver's thread does when there is nothing to do, from the moment that it has carried something over a
     * network.
     *
     * @param networkIdleStrategy by default it spins, yields, then parks for at most 250 us
     * @return this
     */
    public DriverContext networkIdleStrategy(final IdleStrategy networkIdleStrategy) {
        this.networkIdleStrategy = networkIdleStrategy;
        return this;
    }

    /**
     * What the driver's thread does when there is nothing to do, until it has carried something over a network:
     * processes of one machine write to each other's memory themselves.
     *
     * @param localIdleStrategy by default it spins, yields once, then parks for 250 us to 1 ms
     * @return this
     */
    public DriverContext localIdleStrategy(final IdleStrategy localIdleStrategy) {
        this.localIdleStrategy = localIdleStrategy;
        return this;
    }

    /**
     * Hears of the driver's errors, once per kind.
     *
     * @param log called on the driver's threads; by default it prints to standard error
     * @return this
     */
    public DriverContext log(final Consumer<String> log) {
        this.log = log;
        return this;
    }

    DriverContext conclude() {
        final List<String> mistakes = new ArrayList<>();
        if (directory == null) {
            mistakes.add("The media driver's directory is missing.");
        }
        if (livenessTimeoutMs < 2_000 || livenessTimeoutMs > 60_000) {
            mistakes.add("The liveness timeout must be 2000 to 60000 ms, not " + livenessTimeoutMs + ".");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join(" ", mistakes));
        }
        return this;
    }

    Path directory() {
        return directory;
    }

    long livenessTimeoutMs() {
        return livenessTimeoutMs;
    }

    IdleStrategy networkIdleStrategy() {
        return networkIdleStrategy;
    }

    IdleStrategy localIdleStrategy() {
        return localIdleStrategy;
    }

    Consumer<String> log() {
        return log;
    }
}
