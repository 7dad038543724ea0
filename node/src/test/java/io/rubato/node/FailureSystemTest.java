package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Real processes, killed, stopped, interrupted: the program ends in time, says what died and leaves nothing behind. */
class FailureSystemTest {
    private static final long PROMISED_S = 15;
    /** After which a process that says nothing is taken for dead. */
    private static final long SILENCE_S = 10;

    @TempDir
    private Path folder;
    private Path ratings;

    @BeforeEach
    void writeRatings() throws IOException {
        ratings = folder.resolve("ratings.tsv");
        PlantedRatings.generate(new PlantedRatings.Shape(50, 40, 1_000, 2, 0.5, 1)).write(ratings);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void killingAProcessEndsTheJobAndNamesIt(final Role role) throws IOException, InterruptedException {
        try (RunningProgram program = longJob()) {
            final Path run = program.runDirectory();
            final List<ProcessHandle> children = program.children();
            final ProcessHandle victim = program.child(role, 0);

            RunningProgram.signal(victim, "KILL");

            program.awaitExit(1, PROMISED_S);
            final String expected = "rubato: " + role.label(0) + " (pid " + victim.pid() + ") was killed by SIGKILL";
            assertTrue(program.err().contains(expected), program.err());
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive), program.err());
            assertFalse(Files.exists(run), program.err());
        }
    }

    /** Its sockets and files stay open: only its silence tells. */
    @ParameterizedTest
    @CsvSource({"DRIVER, the media driver in ", "COORDINATOR, the coordinator has been silent for ",
            "SHARD, shard 0 (pid #) has been silent for ", "WORKER, client 0 (pid #) has been silent for "})
    void aProcessThatIsStoppedEndsTheJob(final Role role, final String said) throws IOException, InterruptedException {
        try (RunningProgram program = longJob()) {
            final Path run = program.runDirectory();
            final List<ProcessHandle> children = program.children();
            final ProcessHandle victim = program.child(role, 0);

            RunningProgram.signal(victim, "STOP");

            program.awaitExit(1, SILENCE_S + PROMISED_S);
            final String expected = "rubato: " + said.replace("#", String.valueOf(victim.pid()));
            assertTrue(program.err().contains(expected), program.err());
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive), program.err());
            assertFalse(Files.exists(run), program.err());
        }
    }

    @Test
    void killingTheLauncherEndsItsChildrenAndTheNextStartRemovesItsFiles()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        final Path run;
        try (RunningProgram program = longJob()) {
            run = program.runDirectory();
            // Not after the kill: whatever else the user starts meanwhile removes it too.
            assertTrue(Files.exists(run));
            final List<ProcessHandle> children = program.children();

            RunningProgram.signal(program.handle(), "KILL");

            for (final ProcessHandle child : children) {
                child.onExit().get(PROMISED_S, TimeUnit.SECONDS);
            }
        }
        try (RunningProgram next = start("--clocks", "1")) {
            next.awaitExit(0);
        }
        assertFalse(Files.exists(run));
    }

    @Test
    void anInterruptEndsEverything() throws IOException, InterruptedException {
        try (RunningProgram program = longJob()) {
            final Path run = program.runDirectory();
            final List<ProcessHandle> children = program.children();

            RunningProgram.signal(program.handle(), "INT");

            program.awaitExit(130, PROMISED_S);
            assertTrue(program.err().contains("rubato: interrupted"), program.err());
            assertFalse(program.err().contains("killed"), program.err());
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive), program.err());
            assertFalse(Files.exists(run), program.err());
        }
    }

    /** As a terminal does it: the launcher and its children get the signal. */
    @Test
    void controlCAtATerminalEndsEverythingWithOneMessage() throws IOException, InterruptedException {
        try (RunningProgram program = longJob()) {
            final Path run = program.runDirectory();
            final List<ProcessHandle> children = program.children();

            for (final ProcessHandle child : children) {
                RunningProgram.signal(child, "INT");
            }
            RunningProgram.signal(program.handle(), "INT");

            program.awaitExit(130, PROMISED_S);
            assertTrue(program.err().contains("rubato: interrupted"), program.err());
            assertFalse(program.err().contains("killed"), program.err());
            assertFalse(Files.exists(run), program.err());
        }
    }

    @Test
    void aTrainingThatDivergesSaysSo() {
        try (RunningProgram program = start("--learning-rate", "1000")) {
            program.awaitExit(1);

            assertTrue(program.err().contains("diverged"), program.err());
            assertFalse(program.err().contains("\tat "), program.err());
        }
    }

    /** A job that trains, and would for half an hour. */
    private RunningProgram longJob() throws InterruptedException {
        final RunningProgram program = start("--clocks", "10000", "--slow-worker", "0:200", "--one-sided", "on");
        program.awaitErrorLine("clock 1/");
        return program;
    }

    private RunningProgram start(final String... options) {
        final List<String> arguments = new ArrayList<>(List.of("train", "mf", "--data",
                ratings.toString(), "--out", folder.resolve("model").toString(), "--rank", "4"));
        arguments.addAll(List.of(options));
        return RunningProgram.start(arguments.toArray(String[]::new));
    }
}
