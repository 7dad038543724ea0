package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** With JVMs that record and use caches. */
class AotCachesTest {
    /** A line of a process that says nothing while all is well, or that looks like the JVM's. */
    private static final String JVM_MESSAGE = "\\[.*|(shard|worker process) \\d:.*|driver:.*";
    private static final String FROM_CACHE = "io.rubato.node.Main source: shared objects file";

    @TempDir
    private Path folder;

    @Test
    void aRecordedCacheHoldsTheClassesAndAForeignOneIsIgnoredInSilence() throws Exception {
        final Path jar = jar();
        final String usageError = run(jar, List.of());
        run(jar, new AotCaches(folder, true).flags(Role.COORDINATOR));
        final List<String> use = new AotCaches(folder, false).flags(Role.DRIVER);

        assertEquals(usageError, run(jar, use));
        final List<String> verbose = new ArrayList<>(use);
        verbose.add("-Xlog:class+load");
        assertTrue(run(jar, verbose).contains(FROM_CACHE));

        Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
        assertEquals(usageError, run(jar, use));
        assertFalse(run(jar, verbose).contains(FROM_CACHE));
    }

    @Test
    void aJobWithDamagedCachesRunsAsIfThereWereNone() throws IOException {
        for (final Role role : Role.values()) {
            Files.writeString(folder.resolve(role.command() + ".aot"), "damaged");
        }
        final Path ratings = folder.resolve("ratings.tsv");
        PlantedRatings.generate(new PlantedRatings.Shape(30, 20, 300, 2, 0.5, 1)).write(ratings);
        try (RunningProgram program = RunningProgram.start(Map.of(AotCaches.FOLDER, folder.toString()), "train", "mf",
                "--data", ratings.toString(), "--out", folder.resolve("model").toString(), "--clocks", "2", "--json",
                "-")) {
            program.awaitExit(0);

            assertEquals(2.0, Json.parse(program.out()).get("clocks"));
            assertTrue(
                    program.err().lines()
                            .noneMatch(line -> line.matches(JVM_MESSAGE)),
                    program.err());
        }
    }

    /** What a command that needs few classes prints. */
    private static String run(final Path jar, final List<String> flags) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(JvmCommand.create().of(Role.DRIVER, List.of()));
        command.remove(Role.DRIVER.command());
        command.set(command.indexOf("-cp") + 1, jar + File.pathSeparator + origin(CommandLine.class));
        command.addAll(1, flags);
        command.add("bench");
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(2, process.waitFor(), printed);
        return printed;
    }

    /** This module's classes: the JVM caches none that come from a folder. */
    private Path jar() throws IOException {
        final Path jar = folder.resolve("node.jar");
        final Path classes = origin(Main.class);
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file);
                Stream<Path> found = Files.walk(classes)) {
            for (final Path path : found.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
            }
        }
        return jar;
    }

    private static Path origin(final Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
}
