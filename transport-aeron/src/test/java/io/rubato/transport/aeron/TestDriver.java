package io.rubato.transport.aeron;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A new private directory for a driver, in shared memory where there is some. */
final class TestDriver {
    private TestDriver() {
    }

    static Path directory() throws IOException {
        final Path shm = Path.of("/dev/shm");
        final String prefix = "rubato-test-";
        return Files.isWritable(shm) ? Files.createTempDirectory(shm, prefix) : Files.createTempDirectory(prefix);
    }

    static Driver launch() throws IOException {
        return Driver.launch(new DriverContext().directory(directory()));
    }
}
