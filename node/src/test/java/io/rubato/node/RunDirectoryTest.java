package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    private Path parent;

    @Test
    void nobodyElseMayLookInside() throws IOException {
        try (RunDirectory run = RunDirectory.create(parent)) {
            RunDirectory.writePrivately(run.secret(), new byte[] {1, 2});

            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(run.path())));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(run.secret())));
        }
    }

    @Test
    void aSweepDeletesWhatNobodyHolds() throws IOException {
        final RunDirectory run = RunDirectory.create(parent);
        Files.createDirectories(run.mediaDriver().resolve("publications"));
        Files.writeString(run.mediaDriver().resolve("publications/1.logbuffer"), "x");
        run.close();

        RunDirectory.sweep(parent);

        assertFalse(Files.exists(run.path()));
    }

    @Test
    void aSweepLeavesWhatIsHeld() {
        try (RunDirectory run = RunDirectory.create(parent)) {
            RunDirectory.sweep(parent);

            assertTrue(Files.exists(run.path()));
        }
    }

    @Test
    void aSweepLeavesADirectoryThatIsBeingMade() throws IOException {
        final Path young = Files.createDirectory(parent.resolve(name("young")));
        final Path old = Files.createDirectory(parent.resolve(name("old")));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3_600)));

        RunDirectory.sweep(parent);

        assertTrue(Files.exists(young));
        assertFalse(Files.exists(old));
    }

    @Test
    void aSweepLeavesOtherFilesAndWhatLinksPointTo() throws IOException {
        final Path other = Files.createDirectory(parent.resolve("something"));
        final Path target = Files.createDirectory(parent.resolve("target"));
        Files.writeString(target.resolve("lock"), "");
        Files.createSymbolicLink(parent.resolve(name("link")), target);

        RunDirectory.sweep(parent);

        assertTrue(Files.exists(other));
        assertTrue(Files.exists(target.resolve("lock")));
    }

    @Test
    void deletingDoesNotFollowLinks() throws IOException {
        final Path precious = Files.writeString(parent.resolve("precious"), "x");
        final RunDirectory run = RunDirectory.create(parent);
        Files.createSymbolicLink(run.path().resolve("link"), parent);

        run.delete();
        run.close();

        assertFalse(Files.exists(run.path()));
        assertTrue(Files.exists(precious));
    }

    @Test
    void aParentThatIsNoDirectoryIsNamed() throws IOException {
        final Path file = Files.writeString(parent.resolve("file"), "");

        final UsageException e = assertThrows(UsageException.class, () -> RunDirectory.create(file));

        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }

    private static String name(final String suffix) {
        return "rubato-" + System.getProperty("user.name") + "-" + suffix;
    }
}
