package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.transport.aeron.AeronContext;
import io.rubato.transport.aeron.AeronTransport;
import io.rubato.transport.aeron.Driver;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** How a process waits: for a file, and for messages. */
@Timeout(60)
class RoleOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void aDriverThatEndsMeanwhileIsAFailureOfOneLine() {
        final List<AeronTransport> endpoints;
        try (Driver _ = Driver.launch(DriverCommand.context(folder, Idle.BACKOFF))) {
            endpoints = List.of(AeronTransport.open(new AeronContext().directory(folder).ipc(1)));
            RoleOptions.waitBeside(endpoints);
        }

        final String message = assertThrows(FailureException.class, () -> {
            while (true) {
                RoleOptions.waitBeside(endpoints);
            }
        }).getMessage();

        assertTrue(message.contains("media driver"), message);
    }

    @Test
    void whoListensToANetworkWaitsAsForANetwork() {
        assertInstanceOf(CourteousIdle.class, listening("udp:127.0.0.1:0").workerIdle());
        assertInstanceOf(CourteousIdle.class, listening("udp:127.0.0.1:0").agentIdle());
        assertEquals(BackoffIdleStrategy.class, listening("ipc:3").workerIdle().getClass());
        assertEquals(BackoffIdleStrategy.class, listening("ipc:3").agentIdle().getClass());
    }

    private static RoleOptions listening(final String address) {
        return CommandLine.populateCommand(new RoleOptions(), "--secret", "file", "--media-driver", "folder",
                "--listen",
                address);
    }
}
