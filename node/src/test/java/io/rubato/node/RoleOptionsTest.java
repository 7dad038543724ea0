package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.transport.aeron.AeronContext;
import io.rubato.transport.aeron.AeronTransport;
import io.rubato.transport.aeron.Driver;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that waits for a file. */
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
}
