package io.rubato.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs every stress test of this module for a short time, each in a JVM of its own, and expects what its outcomes say;
 * those called Broken must fail in the end, or the others prove nothing. {@code scripts/stress} runs them for longer.
 */
class StressTest {
    private static final Path FOLDER = Path.of("target/stress").toAbsolutePath();
    private static final Path OPTIONS = Path.of("../config/jvm.options").toAbsolutePath();
    private static final Path OUTPUT = FOLDER.resolve("output.txt");
    /**
     * One JVM for each test, which interprets, compiles with C1, and then with C2 that shuffles what it is free to
     * order; four iterations.
     */
    private static final List<String> SHORT = List.of("-f", "1", "-iters", "4", "-sc", "false", "-af", "NONE", "-pth",
            "false", "-jvmArgs",
            "-XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM -XX:+StressIGVN -XX:+StressCCP");
    private static final int ONCE_MILLIS = 200;
    /** A broken test runs until it is found out, which takes the longer the less of the processors it gets. */
    private static final int AT_MOST_MILLIS = 15_000;
    /** What a test needs to say something; on an idle machine it gets a hundred times as many and more. */
    private static final long LEAST_SAMPLES = 1_000;

    private static Map<String, List<TestResult>> results;

    @BeforeAll
    static void run() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "two actors need two processors");
        Files.createDirectories(FOLDER);
        results = run(".*", ONCE_MILLIS);
        for (int millis = 4 * ONCE_MILLIS; millis <= AT_MOST_MILLIS; millis *= 2) {
            final List<String> undetected = results.keySet().stream()
                    .filter(name -> isBroken(name) && failures(results.get(name)).isEmpty()).toList();
            if (undetected.isEmpty()) {
                return;
            }
            results.putAll(run(String.join("|", undetected), millis));
        }
    }

    private static Map<String, List<TestResult>> run(final String tests, final int millis) throws Exception {
        try (Stream<Path> old = blobs()) {
            for (final Path file : old.toList()) {
                Files.delete(file);
            }
        }
        final List<String> command = Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + OPTIONS, "-cp",
                        System.getProperty("java.class.path"), "org.openjdk.jcstress.Main", "-r", "report",
                        "-t", tests, "-time", String.valueOf(millis)),
                SHORT.stream()).toList();
        // It exits with 1, since the broken tests fail.
        final Process process = new ProcessBuilder(command).directory(FOLDER.toFile())
                .redirectErrorStream(true).redirectOutput(OUTPUT.toFile()).start();
        try {
            process.waitFor();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return read().stream().collect(Collectors.groupingBy(TestResult::getName));
    }

    private static List<TestResult> read() throws IOException, ClassNotFoundException {
        final InProcessCollector collector = new InProcessCollector();
        try (Stream<Path> blobs = blobs()) {
            final Path blob = blobs.findFirst().orElseThrow(() -> new AssertionError("no results, see " + OUTPUT));
            final DiskReadCollector reader = new DiskReadCollector(blob.toString(), collector);
            reader.dump();
            reader.close();
        }
        return List.copyOf(collector.getTestResults());
    }

    private static Stream<Path> blobs() throws IOException {
        return Files.list(FOLDER).filter(file -> file.getFileName().toString().startsWith("jcstress-results"));
    }

    @TestFactory
    Stream<DynamicTest> outcomes() {
        return TestList.tests().stream().sorted()
                .map(name -> DynamicTest.dynamicTest(name, () -> check(name, results.get(name))));
    }

    private static void check(final String name, final List<TestResult> runs) {
        assertTrue(runs != null, name + " did not run, see " + OUTPUT);
        for (final TestResult run : runs) {
            assertEquals(Status.NORMAL, run.status(), () -> name + " " + run.getMessages() + run.getVmErr());
        }
        if (isBroken(name)) {
            assertFalse(failures(runs).isEmpty(), name + " was not found out: " + outcomes(runs));
        } else {
            assertEquals(List.of(), failures(runs), () -> name + ": " + outcomes(runs));
            assertTrue(runs.stream().mapToLong(TestResult::getTotalCount).sum() >= LEAST_SAMPLES,
                    () -> name + " hardly ran: " + outcomes(runs));
        }
    }

    private static List<String> failures(final List<TestResult> runs) {
        return runs.stream().flatMap(run -> run.grading().failureMessages.stream()).toList();
    }

    private static boolean isBroken(final String name) {
        return name.substring(name.lastIndexOf('.') + 1).startsWith("Broken");
    }

    private static String outcomes(final List<TestResult> runs) {
        return runs.stream().flatMap(run -> run.getStateKeys().stream().map(key -> key + " " + run.getCount(key)))
                .toList().toString();
    }

    @Test
    void thereAreSoundAndBrokenTests() {
        final Map<Boolean, List<String>> tests =
                TestList.tests().stream().collect(Collectors.partitioningBy(StressTest::isBroken));
        assertEquals(5, tests.get(true).size(), tests.toString());
        assertTrue(tests.get(false).size() >= 14, tests.toString());
    }
}
