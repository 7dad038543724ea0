package io.rubato.node;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Starts the processes of a job, waits for its end, and leaves none of them alive. The job ends when the coordinator
 * does, or when any other process dies before it.
 *
 * <p>{@link #start} and {@link #awaitEnd} belong to one thread; {@link #stop} may come from any other, a shutdown hook
 * for example.
 */
final class Supervisor {
    /** Exit code of a process that has said what went wrong. */
    private static final int REPORTED = 1;
    /** The coordinator knows better why a process gave up, if that process told it. */
    private static final long EXPLANATION_MS = 3_000;
    /** A Ctrl-C reaches the launcher and its children at the same time. */
    private static final long INTERRUPT_MS = 1_000;
    /** After a job that ended well the others still close their files, or write what a later start makes use of. */
    private static final long FAREWELL_MS = 30_000;
    private static final long TERMINATION_MS = 2_000;

    private final PrintStream err;
    private final String lineStart;
    private final BlockingQueue<Child> exits = new LinkedBlockingQueue<>();
    private final List<Child> children = new ArrayList<>();
    private boolean stopped;

    /**
     * Without processes.
     *
     * @param err       for messages
     * @param lineStart printed before each message of its own
     */
    Supervisor(final PrintStream err, final String lineStart) {
        this.err = err;
        this.lineStart = lineStart;
    }

    /** Starts a process, unless {@link #stop} came first. */
    synchronized Child start(final Role role, final int index, final List<String> command) {
        if (stopped) {
            throw new FailureException("stopped while starting");
        }
        final Child child = Child.start(role, index, command, err, exits::add);
        children.add(child);
        return child;
    }

    /** Waits for the job's end; says what died, if something did. Returns the exit code of the job: 0 or 1. */
    int awaitEnd() throws InterruptedException {
        while (true) {
            final Child ended = exits.take();
            if (ended.role() == Role.COORDINATOR) {
                return onCoordinatorEnd(ended);
            }
            if (ended.exitCode() == REPORTED) {
                return onReportedFailure(ended);
            }
            if (ended.exitCode() != 0 || ended.role() == Role.DRIVER) {
                report(ended);
                return 1;
            }
        }
    }

    private int onCoordinatorEnd(final Child coordinator) {
        if (coordinator.exitCode() > REPORTED) {
            report(coordinator);
        }
        if (coordinator.exitCode() == 0) {
            for (final Child child : snapshot()) {
                if (child.role() != Role.DRIVER && child != coordinator) {
                    child.awaitExit(FAREWELL_MS);
                }
            }
        }
        return coordinator.exitCode() == 0 ? 0 : 1;
    }

    private int onReportedFailure(final Child dead) throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EXPLANATION_MS);
        for (long left = EXPLANATION_MS; left > 0; left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())) {
            final Child next = exits.poll(left, TimeUnit.MILLISECONDS);
            if (next != null && next.role() == Role.COORDINATOR) {
                if (next.exitCode() != REPORTED) {
                    report(dead);
                }
                return 1;
            }
        }
        report(dead);
        return 1;
    }

    private void report(final Child dead) {
        final String death = dead.death();
        if (dead.wasKilled() && isInterrupt(dead.exitCode()) && isStoppedWithin(INTERRUPT_MS)) {
            return;
        }
        dead.awaitExit(INTERRUPT_MS);
        err.println(lineStart + "rubato: " + death + "; stopping the job");
    }

    private static boolean isInterrupt(final int exitCode) {
        return exitCode == 130 || exitCode == 143;
    }

    private synchronized boolean isStoppedWithin(final long timeoutMs) {
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try {
            for (long left = timeoutMs; !stopped && left > 0;
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())) {
                wait(left);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return stopped;
    }

    private synchronized List<Child> snapshot() {
        return List.copyOf(children);
    }

    /** Ends every process at once, before any has done something that it should end well. */
    void kill() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        snapshot().forEach(Child::kill);
        snapshot().forEach(child -> child.awaitExit(TERMINATION_MS));
    }

    /** Ends every process that still runs; returns when none does. Harmless when called again. */
    void stop() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        final List<Child> all = snapshot();
        all.forEach(Child::terminate);
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TERMINATION_MS);
        for (final Child child : all) {
            if (!child.awaitExit(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())))) {
                child.kill();
                child.awaitExit(TERMINATION_MS);
            }
        }
    }
}
