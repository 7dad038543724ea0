package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With shells in the place of the job's processes. */
@Timeout(60)
class SupervisorTest {
    /** Ends when its lifeline does. */
    private static final String LIVE = "exec cat >/dev/null";

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Supervisor supervisor = new Supervisor(new PrintStream(written, true, StandardCharsets.UTF_8), "");

    @AfterEach
    void stop() {
        supervisor.stop();
    }

    @Test
    void theJobEndsWellWhenTheCoordinatorDoes() throws InterruptedException {
        final Child driver = start(Role.DRIVER, LIVE);
        start(Role.SHARD, "exit 0");
        start(Role.COORDINATOR, "exit 0");

        assertEquals(0, supervisor.awaitEnd());
        supervisor.stop();

        assertFalse(driver.isAlive());
        assertEquals("", text());
    }

    @Test
    void aFailureThatTheCoordinatorReportedIsNotReportedAgain() throws InterruptedException {
        start(Role.SHARD, LIVE);
        start(Role.COORDINATOR, "exit 1");

        assertEquals(1, supervisor.awaitEnd());
        assertEquals("", text());
    }

    @Test
    void aFailureIsTheCoordinatorsToExplain() throws InterruptedException {
        start(Role.WORKER, "exit 1");
        start(Role.COORDINATOR, "exit 1");

        assertEquals(1, supervisor.awaitEnd());
        assertEquals("", text());
    }

    @Test
    void whoeverIsKilledIsNamed() throws InterruptedException {
        start(Role.DRIVER, LIVE);
        start(Role.COORDINATOR, LIVE);
        final Child shard = start(Role.SHARD, "kill -9 $$");

        assertEquals(1, supervisor.awaitEnd());
        assertEquals("rubato: shard 1 (pid " + shard.pid() + ") was killed by SIGKILL; stopping the job\n", text());
    }

    @Test
    void aCoordinatorThatIsKilledIsNamed() throws InterruptedException {
        start(Role.WORKER, LIVE);
        final Child coordinator = start(Role.COORDINATOR, "kill -9 $$");

        assertEquals(1, supervisor.awaitEnd());
        assertEquals("rubato: coordinator (pid " + coordinator.pid() + ") was killed by SIGKILL; stopping the job\n",
                text());
    }

    @Test
    void aDriverThatEndsEarlyIsNamedEvenIfItSaysItIsWell() throws InterruptedException {
        start(Role.COORDINATOR, LIVE);
        final Child driver = start(Role.DRIVER, "exit 0");

        assertEquals(1, supervisor.awaitEnd());
        assertEquals("rubato: driver (pid " + driver.pid() + ") exited with code 0; stopping the job\n", text());
    }

    @Test
    void whatAProcessPrintsIsPassedOnBehindItsName() throws InterruptedException {
        start(Role.COORDINATOR, LIVE);
        final Child worker =
                start(Role.WORKER, "echo 'WARNING: Using incubator modules: x' >&2; echo disk full >&2; exit 3");

        assertEquals(1, supervisor.awaitEnd());
        assertEquals("worker process 1: disk full\nrubato: worker process 1 (pid " + worker.pid()
                + ") exited with code 3; stopping the job\n", text());
    }

    @Test
    void stoppingEndsThoseThatIgnoreARequest() {
        final Child deaf = start(Role.SHARD, "trap '' TERM; while :; do read line || :; done");
        start(Role.COORDINATOR, LIVE);

        supervisor.stop();

        assertFalse(deaf.isAlive());
    }

    @Test
    void nothingStartsAfterAStop() {
        supervisor.stop();

        assertThrows(FailureException.class, () -> start(Role.SHARD, LIVE));
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        final FailureException e = assertThrows(FailureException.class,
                () -> supervisor.start(Role.SHARD, 1, List.of("/no/such/program")));

        assertTrue(e.getMessage().startsWith("cannot start shard 1: "), e.getMessage());
    }

    private Child start(final Role role, final String script) {
        return supervisor.start(role, 1, List.of("/bin/sh", "-c", script));
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
