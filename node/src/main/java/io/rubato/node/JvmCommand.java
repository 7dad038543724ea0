package io.rubato.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the command line of a child JVM: this JVM's executable and class path, and the flags of {@code
 * config/jvm.options} and {@code config/worker.options}.
 *
 * @param flags       for every child
 * @param workerFlags for workers as well
 * @param caches      that the children use
 */
record JvmCommand(List<String> flags, List<String> workerFlags, AotCaches caches) {
    /** System property: the file with the JVM flags. */
    static final String OPTIONS_FILE = "rubato.jvm.options";
    /** The file beside it with those of workers. */
    static final String WORKER_OPTIONS = "worker.options";
    private static final String VECTOR_FLAG = "jdk.incubator.vector";

    /** Reads the flags from the file that the system property names. */
    static JvmCommand create() {
        final String file = System.getProperty(OPTIONS_FILE);
        if (file == null) {
            throw new UsageException("the system property " + OPTIONS_FILE + " must name the file config/jvm.options");
        }
        return create(Path.of(file));
    }

    /** With the flags in a file, and those of workers in the file beside it. */
    static JvmCommand create(final Path file) {
        return new JvmCommand(read(file), read(file.resolveSibling(WORKER_OPTIONS)), AotCaches.fromProperties());
    }

    private static List<String> read(final Path file) {
        try (var lines = Files.lines(file)) {
            return lines.map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        } catch (final IOException e) {
            throw new UsageException("cannot read the JVM flags in " + file + ": " + e.getMessage());
        }
    }

    /** The command line that runs a role. */
    List<String> of(final Role role, final List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : flags) {
            // Only these compute; the others would just print the JVM's warning about the incubator module.
            if (role == Role.SHARD || role == Role.WORKER || !flag.contains(VECTOR_FLAG)) {
                addWords(command, flag);
            }
        }
        command.add("-Xms16m");
        if (role == Role.WORKER) {
            workerFlags.forEach(flag -> addWords(command, flag));
        } else {
            command.add("-Xmx256m");
        }
        if (role == Role.COORDINATOR) {
            // It has little to do: the time that better code would save is less than the compiler's own.
            command.add("-XX:TieredStopAtLevel=1");
        }
        // No file in /tmp that a killed process would leave behind.
        command.add("-XX:-UsePerfData");
        command.addAll(caches.flags(role));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.add(role.command());
        command.addAll(arguments);
        return command;
    }

    /** One flag may be two words. */
    private static void addWords(final List<String> command, final String flag) {
        command.addAll(List.of(flag.split(" +")));
    }
}
