package io.rubato.simulator.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.simulator.check.Check;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A mistake in the engine, made in one of its source files.
 *
 * @param name      what goes wrong
 * @param file      below the engine's sources of {@code io.rubato}
 * @param original  occurs exactly once in the file
 * @param faulty    stands in its place
 * @param check     that must object
 * @param mostSeeds within which it must
 */
record PlantedFault(String name, String file, String original, String faulty, Check check, long mostSeeds) {
    private static final Path SOURCES = Path.of("..", "engine", "src", "main", "java", "io", "rubato");

    /** Compiles the faulty file. */
    void plant(final Path directory) throws IOException {
        final String source = Files.readString(SOURCES.resolve(file));
        assertEquals(1, source.split(Pattern.quote(original), -1).length - 1,
                () -> file + " must hold this once:\n" + original);
        final Path mutant = directory.resolve(Path.of(file).getFileName());
        Files.writeString(mutant, source.replace(original, faulty));
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            assertTrue(compiler.getTask(messages, files, null,
                    List.of("-proc:none", "-nowarn", "-d", directory.toString(), "-classpath",
                            System.getProperty("java.class.path")),
                    null, files.getJavaFileObjects(mutant)).call(), messages::toString);
        }
    }

    /** Whether only workers that ask each other for their clocks can come across it. */
    boolean concernsPeers() {
        return file.equals("client/Peers.java");
    }

    @Override
    public String toString() {
        return name;
    }
}
