package io.rubato.learn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data that is not part of the project: tests that want a file which is not there are skipped. */
public final class TestData {
    private TestData() {
    }

    /**
     * Finds a file.
     *
     * @param name relative to the folder of data
     * @return an existing file
     */
    public static Path file(final String name) {
        // Tests run in the module's folder; the data lies beside the repository.
        final Path file = Path.of(System.getProperty("rubato.data", "../../shared/data")).resolve(name);
        assumeTrue(Files.exists(file), () -> "skipped: no " + file.toAbsolutePath().normalize()
                + "; name the folder of data with -Drubato.data=DIR");
        return file;
    }
}
