package io.rubato.bench;

import io.rubato.node.Idle;
import io.rubato.transport.aeron.AeronContext;
import io.rubato.transport.aeron.AeronTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a process of a {@link LocalCluster} must know.
 *
 * @param directory   of the cluster
 * @param coordinator where the coordinator receives
 * @param index       of the shard or the client
 * @param endpoint    number to receive at over IPC; 0 for UDP
 * @param wire        of all processes
 * @param idle        what its threads do that have nothing to do
 */
record Member(Path directory, String coordinator, int index, int endpoint, Wire wire, Idle idle) {
    static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long DRIVER_TIMEOUT_MS = 10_000;

    /** The words behind a role's name. */
    List<String> arguments(final String role) {
        return List.of(role, directory.toString(), coordinator, Integer.toString(index), Integer.toString(endpoint),
                Boolean.toString(wire.udp()), Integer.toString(wire.mtu()), Integer.toString(wire.termLength()),
                idle.toString());
    }

    static Member parse(final String... words) {
        return new Member(Path.of(words[1]), words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]),
                new Wire(Boolean.parseBoolean(words[5]), Integer.parseInt(words[6]), Integer.parseInt(words[7])),
                Idle.of(words[8]));
    }

    AeronTransport open() {
        final AeronContext context = new AeronContext().directory(driver(directory)).driverTimeoutMs(DRIVER_TIMEOUT_MS)
                .mtu(wire.mtu()).termLength(wire.termLength());
        return AeronTransport.open(wire.udp() ? context.udp(Wire.HOST, 0) : context.ipc(endpoint));
    }

    byte[] secret() {
        try {
            return Files.readAllBytes(secret(directory));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path driver(final Path directory) {
        return directory.resolve("driver");
    }

    static Path secret(final Path directory) {
        return directory.resolve("secret");
    }

    static Path store(final Path directory) {
        return directory.resolve("store");
    }
}
