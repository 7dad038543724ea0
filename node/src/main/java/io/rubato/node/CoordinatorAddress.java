package io.rubato.node;

import io.rubato.transport.aeron.AeronTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.AgentTerminationException;
import picocli.CommandLine.Option;

/** How a shard or a worker process learns where the coordinator receives. */
final class CoordinatorAddress {
    private static final String FILE = "file:";
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    @Option(names = "--coordinator", paramLabel = "ADDRESS", required = true,
            description = "Where the coordinator receives, as it printed; or file:PATH, as its --address-file.")
    private String address;

    /** Read from the command line. */
    CoordinatorAddress() {
    }

    CoordinatorAddress(final Launched given) {
        address = given.text("--coordinator");
    }

    /** How the option names a file. */
    static String inFile(final Path file) {
        return FILE + file;
    }

    /** Publishes an address for those that wait for the file. */
    static void write(final Path file, final String address) {
        RunDirectory.writePrivately(file, address.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Makes an agent that opens a stream to the coordinator.
     *
     * @throws UsageException   if the address is none
     * @throws FailureException if the stream cannot be opened
     */
    <T> T joins(final Supplier<T> agent) {
        try {
            return agent.get();
        } catch (final IllegalArgumentException e) {
            throw new UsageException("--coordinator " + address + ": " + e.getMessage());
        } catch (final AgentTerminationException e) {
            throw new FailureException(e.getMessage(), e);
        }
    }

    /**
     * The address; waits for the file, if it is in one: up to a minute, or without end where a launcher ends this
     * process if none is to come.
     *
     * @param endpoints of this process, which are kept open meanwhile
     */
    String await(final boolean isLaunched, final List<AeronTransport> endpoints) {
        if (!address.startsWith(FILE)) {
            return address;
        }
        final Path file = Path.of(address.substring(FILE.length()));
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (isLaunched || System.nanoTime() - deadlineNs < 0) {
            try {
                return Files.readString(file, StandardCharsets.US_ASCII);
            } catch (final NoSuchFileException e) {
                RoleOptions.waitBeside(endpoints);
            } catch (final IOException e) {
                throw new FailureException("cannot read the coordinator's address in " + file + ": " + e.getMessage(),
                        e);
            }
        }
        throw new FailureException("no coordinator has written its address to " + file);
    }
}
