package io.rubato.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;

/**
 * A private directory (0700) that lives as long as a job: it holds the transport's and the stores' mapped files, the
 * job file and the secret. Every process of the job keeps a shared lock on its {@value #LOCK} file, so a directory
 * whose lock nobody holds belongs to a job that is gone, whatever killed it; {@link #sweep} deletes those.
 */
final class RunDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    /** A directory without a lock file is being made right now, unless it is older than this. */
    private static final Duration BIRTH = Duration.ofMinutes(1);

    /** The smallest shared memory that a small job was seen to finish with. */
    private static final long LEAST_ROOM = 48L << 20;

    private final Path path;
    private final FileChannel lockChannel;

    private RunDirectory(final Path path, final FileChannel lockChannel) {
        this.path = path;
        this.lockChannel = lockChannel;
    }

    /**
     * Where run directories belong: memory if the machine has it as a file system, otherwise the JVM's temporary
     * directory.
     */
    static Path defaultParent() {
        return Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY)
                ? SHARED_MEMORY
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes sure that a file system has room for what every job needs there.
     *
     * @throws UsageException if it has not
     */
    static void requireRoom(final Path parent) {
        final long free = parent.toFile().getUsableSpace();
        // Some file systems have no size.
        if (free < LEAST_ROOM && parent.toFile().getTotalSpace() > 0) {
            throw new UsageException(Text.of("%s has %d MiB free, at least %d are needed (in a container, --shm-size)",
                    parent, free >> 20, LEAST_ROOM >> 20));
        }
    }

    /** Makes a new directory below the parent and locks it. */
    static RunDirectory create(final Path parent) {
        try {
            final Path path = Files.createTempDirectory(parent, prefix(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            // Locked under another name first: a lock file that a sweep can see is always held.
            final Path unborn = path.resolve(LOCK + ".new");
            final FileChannel channel = FileChannel.open(unborn, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            channel.lock(0, Long.MAX_VALUE, true);
            Files.move(unborn, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
            return new RunDirectory(path, channel);
        } catch (final IOException e) {
            throw new UsageException("cannot create a run directory in " + parent + ": " + e.getMessage());
        }
    }

    /**
     * Locks a directory that the launcher made, in one of its children. The lock ends with the process.
     *
     * @throws FailureException if the launcher is gone already
     */
    static RunDirectory join(final Path path) {
        try {
            final FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock(0, Long.MAX_VALUE, true) == null) {
                channel.close();
                throw new FailureException(path + " is being removed: its launcher is gone");
            }
            return new RunDirectory(path, channel);
        } catch (final IOException e) {
            throw new FailureException("cannot lock " + path + ": " + e, e);
        }
    }

    /**
     * Deletes what jobs of this user left behind in the parent. What cannot be deleted stays; jobs that live are not
     * touched.
     */
    static void sweep(final Path parent) {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(parent, prefix() + "*")) {
            final UserPrincipal self = Files.getOwner(Path.of("/proc/self"));
            for (final Path candidate : candidates) {
                sweepIfOwn(candidate, self);
            }
        } catch (final IOException e) {
            // The parent cannot be listed: whoever needs the space will say so.
            return;
        }
    }

    private static void sweepIfOwn(final Path candidate, final UserPrincipal self) {
        try {
            if (Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(candidate, LinkOption.NOFOLLOW_LINKS).equals(self)) {
                sweepOne(candidate);
            }
        } catch (final IOException e) {
            // Someone else sweeps at the same time, or may not: the others are looked at all the same.
            return;
        }
    }

    private static void sweepOne(final Path candidate) throws IOException {
        try (FileChannel channel =
                FileChannel.open(candidate.resolve(LOCK), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                deleteRecursively(candidate);
            }
        } catch (final OverlappingFileLockException e) {
            // Held by this very process: alive.
            return;
        } catch (final NoSuchFileException e) {
            final Instant modified = Files.getLastModifiedTime(candidate, LinkOption.NOFOLLOW_LINKS).toInstant();
            if (modified.isBefore(Instant.now().minus(BIRTH))) {
                deleteRecursively(candidate);
            }
        }
    }

    static void deleteRecursively(final Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(final Path file, final IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path visited, final IOException e) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String prefix() {
        return "rubato-" + System.getProperty("user.name").replaceAll("[^A-Za-z0-9._]", "_") + "-";
    }

    Path path() {
        return path;
    }

    Path mediaDriver() {
        return path.resolve("driver");
    }

    Path store() {
        return path.resolve("store");
    }

    Path job() {
        return path.resolve("job");
    }

    Path secret() {
        return path.resolve("secret");
    }

    /** Where the coordinator writes the address that the others connect to. */
    Path coordinatorAddress() {
        return path.resolve("coordinator");
    }

    /** Writes a file that only this user can read; readers see all of it or no file. */
    static void writePrivately(final Path file, final byte[] content) {
        final Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(unfinished);
            Files.createFile(unfinished,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(unfinished, content);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException e) {
            throw new FailureException("cannot write " + file + ": " + e, e);
        }
    }

    /** Deletes the directory with all it holds. Only the launcher calls it, after its children have ended. */
    void delete() {
        try {
            deleteRecursively(path);
        } catch (final IOException e) {
            throw new FailureException("cannot delete " + path + ": " + e, e);
        }
    }

    /** Gives the lock up. */
    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
