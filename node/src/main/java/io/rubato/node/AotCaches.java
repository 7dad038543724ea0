package io.rubato.node;

import java.nio.file.Path;
import java.util.List;

/**
 * The JVM's ahead-of-time caches, one for each kind of process: the classes of an earlier run, read and verified. A JVM
 * that cannot use its cache, because it is missing, damaged or of another build or JDK, runs without it; the flags of
 * every process have it say nothing about that.
 *
 * @param folder where they are; null for none
 * @param record whether the processes write them when they end, instead of using them
 */
record AotCaches(Path folder, boolean record) {
    /** System property: the folder with the caches. */
    static final String FOLDER = "rubato.aot";
    /** System property: {@code true} to record them. */
    static final String RECORD = "rubato.aot.record";

    /** As the system properties say. */
    static AotCaches fromProperties() {
        final String folder = System.getProperty(FOLDER);
        return new AotCaches(folder == null ? null : Path.of(folder), Boolean.getBoolean(RECORD));
    }

    /** The JVM flags of a role. */
    List<String> flags(final Role role) {
        if (folder == null) {
            return List.of();
        }
        // Recorded where the coordinator hosts the driver: nobody waits for a driver of its own to end.
        final Role kind = role == Role.DRIVER ? Role.COORDINATOR : role;
        return List.of((record ? "-XX:AOTCacheOutput=" : "-XX:AOTCache=") + folder.resolve(kind.command() + ".aot"));
    }
}
