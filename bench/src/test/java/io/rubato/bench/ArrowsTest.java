package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Imports point inward, read off the compiled classes of every module that has been built. It lives here because this
 * module is built last.
 */
class ArrowsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern ARROW = Pattern.compile("^ +(\\S+) +-> (\\S+)", Pattern.MULTILINE);

    private record Arrow(String from, String to) {
    }

    @Test
    void engineUsesOnlyTheJdkAgronaAndItself() throws IOException {
        final List<Arrow> arrows = arrowsOf("engine");
        final Set<String> own = packagesOf("engine");
        assertTrue(own.contains("io.rubato.port"), own.toString());
        assertNone(arrows, to -> !own.contains(to) && !isIn("java", to) && !isIn("javax.crypto", to)
                && !isIn("jdk.incubator.vector", to) && !isIn("org.agrona", to));
    }

    @Test
    void engineKnowsNoSocketsAndNoFiles() throws IOException {
        assertNone(arrowsOf("engine"),
                to -> isIn("java.net", to) || isIn("java.nio.file", to) || isIn("java.nio.channels", to));
    }

    @Test
    void learnSeesOnlyThePublicApiOfEngine() throws IOException {
        assertNone(arrowsOf("learn"), to -> isIn("io.rubato", to) && !to.equals("io.rubato")
                && !to.equals("io.rubato.kernel") && !isIn("io.rubato.learn", to));
    }

    @Test
    void stressSeesOnlyEngineAndStore() throws IOException {
        final Set<String> engine = arrowsOf("engine").stream().map(Arrow::from).collect(Collectors.toSet());
        assertNone(arrowsOf("stress"), to -> isIn("io.rubato", to) && !engine.contains(to)
                && !isIn("io.rubato.store", to) && !isIn("io.rubato.stress", to));
    }

    @Test
    void simulatorUsesOnlyEngine() throws IOException {
        final Set<String> engine = packagesOf("engine");
        assertNone(arrowsOf("simulator"),
                to -> isIn("io.rubato", to) && !isIn("io.rubato.simulator", to) && !engine.contains(to)
                        || isIn("io.aeron", to) || isIn("com.fasterxml", to));
    }

    @Test
    void onlyNodeAndBenchUseTheSimulator() throws IOException {
        for (final String module : modules()) {
            if (!Set.of("node", "simulator").contains(module)) {
                assertNone(arrowsOf(module), to -> isIn("io.rubato.simulator", to));
            }
        }
    }

    @Test
    void onlyOneModuleKnowsEachLibrary() throws IOException {
        for (final String module : modules()) {
            final List<Arrow> arrows = arrowsOf(module);
            assertNone(arrows, to -> isIn("io.aeron", to) && !module.equals("transport-aeron"));
            assertNone(arrows, to -> isIn("net.openhft", to) && !module.equals("offheap-store"));
            assertNone(arrows, to -> isIn("picocli", to) && !module.equals("node"));
            assertNone(arrows, to -> isIn("org.openjdk.jcstress", to) && !module.equals("stress"));
        }
    }

    private static void assertNone(final List<Arrow> arrows, final Predicate<String> forbidden) {
        assertEquals(List.of(), arrows.stream().filter(arrow -> forbidden.test(arrow.to())).toList());
    }

    private static boolean isIn(final String parent, final String name) {
        return name.equals(parent) || name.startsWith(parent + ".");
    }

    private static Set<String> packagesOf(final String module) {
        return arrowsOf(module).stream().map(Arrow::from).collect(Collectors.toSet());
    }

    private static Set<String> modules() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> folder.getFileName().toString())
                    // Benchmarks hold the libraries side by side with the project.
                    .filter(module -> !module.equals("bench"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Which package uses which; empty if the module is not built. */
    private static List<Arrow> arrowsOf(final String module) {
        final Path classes = ROOT.resolve(module).resolve("target/classes");
        if (!Files.isDirectory(classes)) {
            return List.of();
        }
        final StringWriter output = new StringWriter();
        final PrintWriter writer = new PrintWriter(output);
        final int exitCode = ToolProvider.findFirst("jdeps").orElseThrow()
                .run(writer, writer, "-verbose:package", "-filter:none", classes.toString());
        assertEquals(0, exitCode, output.toString());
        return ARROW.matcher(output.toString()).results().map(found -> new Arrow(found.group(1), found.group(2)))
                .toList();
    }
}
