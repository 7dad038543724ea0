package io.rubato.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DriverTest {
    private Path directory;
    private Process process;

    @BeforeEach
    void chooseDirectory() throws IOException {
        directory = TestDriver.directory();
    }

    @AfterEach
    void end() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        if (Files.exists(directory)) {
            Driver.launch(new DriverContext().directory(directory)).close();
        }
        assertFalse(Files.exists(directory));
    }

    private void startProcess() throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(DriverProcess.class.getName(), directory.toString()));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final BufferedReader output = process.inputReader();
        assertEquals("ready", output.readLine());
    }

    private AeronTransport open(final int endpoint) {
        return AeronTransport.open(new AeronContext().directory(directory).ipc(endpoint));
    }

    /** Serves a transport until its driver is lost. */
    private static DriverLostException awaitLoss(final AeronTransport transport) {
        return assertThrows(DriverLostException.class, () -> {
            while (true) {
                transport.doWork();
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void aKilledDriverIsNoticedAndItsDirectoryUsedAgain() throws Exception {
        startProcess();
        try (AeronTransport transport = open(1)) {
            final Outbound out = transport.connect("ipc:1");
            while (out.tryClaim(1) != SendStatus.CLAIMED) {
                transport.doWork();
            }
            out.commit();
            process.destroyForcibly().waitFor();
            assertEquals("the media driver in " + directory + " is gone", awaitLoss(transport).getMessage());
            assertEquals(SendStatus.CLOSED, out.tryClaim(1));
            assertFalse(out.isConnected());
            assertEquals("the media driver in " + directory + " is gone",
                    assertThrows(DriverLostException.class, transport::doWork).getMessage());
        }
        assertTrue(Files.exists(DriverDirectory.aeron(directory)));
        try (Driver _ = Driver.launch(new DriverContext().directory(directory)); AeronTransport transport = open(1)) {
            assertEquals(0, transport.poll((_, _, _) -> {}, 1));
        }
    }

    @Test
    void aDriverThatIsAskedToEndCleansUp() throws Exception {
        startProcess();
        try (AeronTransport transport = open(1)) {
            process.destroy();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals("the media driver in " + directory + " is gone", awaitLoss(transport).getMessage());
        }
        assertFalse(Files.exists(directory));
    }

    @Test
    void theStopActionEndsARun() {
        final List<String> answers = new ArrayList<>();
        Driver.run(new DriverContext().directory(directory), stop -> {
            try (AeronTransport transport = open(7)) {
                answers.add(transport.localAddress());
            }
            stop.run();
        });
        assertEquals(List.of("ipc:7"), answers);
        assertFalse(Files.exists(directory));
    }

    @Test
    void theDirectoryIsMadePrivate() throws IOException {
        Files.delete(directory);
        try (Driver _ = Driver.launch(new DriverContext().directory(directory))) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        }
        assertFalse(Files.exists(directory));
    }

    @Test
    void aDirectoryThatOthersMayEnterIsRefused() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        final String message = assertThrows(IllegalStateException.class,
                () -> Driver.launch(new DriverContext().directory(directory))).getMessage();
        assertTrue(message.contains(directory.toString()) && message.contains("rwxr-xr-x"), message);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aSecondDriverIsRefused() throws IOException {
        try (Driver first = Driver.launch(new DriverContext().directory(directory))) {
            final String message = assertThrows(IllegalStateException.class,
                    () -> Driver.launch(new DriverContext().directory(directory))).getMessage();
            final long pid = ProcessHandle.current().pid();
            assertEquals("a media driver, pid " + pid + ", is already running in " + first.directory(), message);
            open(1).close();
        }
    }

    @Test
    void anAbsentDriverIsNamed() {
        final AeronContext context = new AeronContext().directory(directory).ipc(1).driverTimeoutMs(1_000);
        assertEquals("no media driver answers in " + directory + " (waited 1000 ms)",
                assertThrows(DriverLostException.class, () -> AeronTransport.open(context)).getMessage());
    }

    @Test
    void errorsAreLoggedOncePerKind() {
        final List<String> log = new ArrayList<>();
        final OncePerKind errors = new OncePerKind(log::add);
        for (int i = 0; i < 3; i++) {
            errors.onError(new IllegalStateException("of one kind " + i));
            errors.onError(new IllegalStateException("of another kind " + i));
        }
        assertEquals(List.of("media driver: java.lang.IllegalStateException: of one kind 0",
                "media driver: java.lang.IllegalStateException: of another kind 0"), log);
    }
}
