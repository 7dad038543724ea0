package io.rubato.simulator.faults;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The checkers find what they are there to find: each fault is planted in a copy of the engine, which random scenarios
 * then run. Prints by which check and after how many seeds each was caught.
 */
class PlantedFaultsTest {
    private static final List<String> CAUGHT = new ArrayList<>();

    @TempDir
    private Path mutant;

    static Stream<PlantedFault> faults() {
        return Faults.ALL.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void isCaught(final PlantedFault fault) throws IOException, ReflectiveOperationException {
        fault.plant(mutant);
        final String[] violation = firstViolation(fault.check().name(), fault.mostSeeds(), fault.concernsPeers());
        assertNotNull(violation,
                () -> fault + " is not caught by " + fault.check() + " within " + fault.mostSeeds() + " seeds");
        CAUGHT.add("%s: caught by %s after %s seeds (checks that object to that seed: %s)".formatted(fault,
                fault.check(), violation[0], violation[1]));
    }

    @Test
    void withoutAFaultNothingIsCaught() throws IOException, ReflectiveOperationException {
        final long seeds = faults().filter(fault -> !fault.concernsPeers()).mapToLong(PlantedFault::mostSeeds).max()
                .orElseThrow();
        final String[] violation = firstViolation(null, seeds, false);
        assertNull(violation, () -> violation[2]);
    }

    @AfterAll
    static void tell() {
        CAUGHT.forEach(System.out::println);
    }

    /** Loads everything but the JDK anew, the mutant's classes before the engine's. */
    private String[] firstViolation(final String check, final long mostSeeds, final boolean onlyPeers)
            throws IOException, ReflectiveOperationException {
        final List<URL> classPath = new ArrayList<>();
        classPath.add(mutant.toUri().toURL());
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader copy = new URLClassLoader(classPath.toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader())) {
            return (String[]) copy.loadClass(FaultRun.class.getName())
                    .getMethod("firstViolation", String.class, long.class, boolean.class)
                    .invoke(null, check, mostSeeds, onlyPeers);
        }
    }
}
