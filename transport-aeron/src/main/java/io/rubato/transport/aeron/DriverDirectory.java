package io.rubato.transport.aeron;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;

/**
 * The private directory around the one that Aeron makes, deletes and makes anew with whatever permissions the process's
 * umask leaves.
 */
final class DriverDirectory {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private DriverDirectory() {
    }

    static Path aeron(final Path directory) {
        return directory.resolve("aeron");
    }

    /** Makes the directory, mode 0700, or takes a private one that no living driver uses. */
    static void prepare(final Path directory, final long livenessTimeoutMs) {
        try {
            if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                checkPrivate(directory);
                checkUnused(directory, livenessTimeoutMs);
            } else {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot make the media driver's directory " + directory + ": " + e, e);
        }
    }

    private static void checkPrivate(final Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalStateException(directory + " is not a directory");
        }
        final Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (!permissions.equals(PRIVATE)) {
            throw new IllegalStateException("the media driver's directory " + directory + " is open to others ("
                    + PosixFilePermissions.toString(permissions)
                    + "): choose one that does not exist or has mode 0700");
        }
    }

    private static void checkUnused(final Path directory, final long livenessTimeoutMs) {
        final File cnc = aeron(directory).resolve(CncFileDescriptor.CNC_FILE).toFile();
        if (cnc.length() <= CncFileDescriptor.META_DATA_LENGTH) {
            return;
        }
        final MappedByteBuffer mapped = IoUtil.mapExistingFile(cnc, "CnC file");
        final long pid;
        try {
            pid = CncFileDescriptor.pid(CncFileDescriptor.createMetaDataBuffer(mapped));
        } finally {
            BufferUtil.free(mapped);
        }
        // The heartbeat of a killed driver looks fresh for a while, and its pid may belong to another process by now.
        if (ProcessHandle.of(pid).isPresent()
                && CommonContext.isDriverActive(aeron(directory).toFile(), livenessTimeoutMs, _ -> {})) {
            throw new IllegalStateException("a media driver, pid " + pid + ", is already running in " + directory);
        }
    }

    /** Deletes the directory unless something else is in it. */
    static void remove(final Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (final DirectoryNotEmptyException e) {
            // Others keep files here too.
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
