package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTargetTest {
    @TempDir
    private Path folder;

    private void write(final Path file) {
        final JsonTarget target = new JsonTarget(file.toString());
        target.check();
        target.write("{}", System.out);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFileIsReplacedAndNothingElseIsTouched() throws IOException {
        final Path file = Files.writeString(folder.resolve("r.json"), "old and longer");
        Files.writeString(folder.resolve("r.json.new"), "mine");
        write(file);
        assertEquals("{}", Files.readString(file));
        assertEquals("mine", Files.readString(folder.resolve("r.json.new")));
        assertEquals(List.of("r.json", "r.json.new"), names());
    }

    @Test
    void aLinkStaysAndItsTargetIsWritten() throws IOException {
        final Path target = Files.writeString(folder.resolve("target"), "old");
        final Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        final Path toNothing = Files.createSymbolicLink(folder.resolve("link2"), Path.of("made"));
        write(link);
        write(toNothing);
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(toNothing));
        assertEquals("{}", Files.readString(target));
        assertEquals("{}", Files.readString(folder.resolve("made")));
    }

    @Test
    void whereALinkPointsToMustBeWritable() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "");
        final Path link = Files.createSymbolicLink(folder.resolve("link"), file.resolve("below"));
        final Path round = Files.createSymbolicLink(folder.resolve("round"), folder.resolve("round"));
        for (final Path bad : List.of(link, round)) {
            assertThrows(UsageException.class, () -> new JsonTarget(bad.toString()).check(), bad.toString());
        }
    }

    @Test
    void aPipeIsWrittenTo() throws Exception {
        final Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor());
        final Callable<String> reading = () -> Files.readString(pipe);
        final FutureTask<String> reader = new FutureTask<>(reading);
        Thread.ofPlatform().daemon().start(reader);
        write(pipe);
        assertFalse(Files.isRegularFile(pipe));
        assertEquals("{}", reader.get());
    }

    @Test
    void aResultThatStandardOutputDoesNotTakeIsAFailure() {
        final PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(final int b) throws IOException {
                throw new IOException("full");
            }
        });
        final JsonTarget target = new JsonTarget(JsonTarget.STDOUT);
        assertThrows(FailureException.class, () -> target.write("{}", broken));
    }
}
