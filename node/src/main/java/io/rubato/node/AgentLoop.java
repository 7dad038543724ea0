package io.rubato.node;

import io.rubato.Outcome;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;

/**
 * Runs an agent of the engine until its job is over, waiting as every process of the program does. An exception that it
 * throws meanwhile is printed once per kind, and it goes on, unless it throws {@value #MOST_FAILURES} times without any
 * work in between; an error ends it.
 */
public final class AgentLoop {
    private static final int MOST_FAILURES = 50_000;

    private final Agent agent;
    private final Supplier<Outcome> outcome;
    private final PrintStream err;
    private final IdleStrategy idle;
    private final Set<String> printed = new HashSet<>();
    private volatile String terminated;
    /** What went wrong after the job's end, while the agent was closed. */
    private volatile String notClosed;

    /**
     * A loop to be run once.
     *
     * @param agent   closed at the end
     * @param outcome how the agent's job ended; null while it goes on
     * @param err     where exceptions are printed
     * @param idle    what it does when the agent has nothing to do
     */
    public AgentLoop(final Agent agent, final Supplier<Outcome> outcome, final PrintStream err,
            final IdleStrategy idle) {
        this.agent = agent;
        this.outcome = outcome;
        this.err = err;
        this.idle = idle;
    }

    /**
     * Runs the agent on this thread; returns when the job is over for this process, and the agent closed.
     *
     * @return how the job ended
     */
    public Outcome run() {
        try {
            new AgentRunner(idle, this::onError, null, new Watched()).run();
        } catch (final Error e) {
            // The runner has reported it, but leaves the agent open, and those who wait for it would wait for ever.
            terminated = reason(e);
            close();
        }
        final Outcome known = outcome.get();
        if (notClosed != null && known != null && known.success()) {
            return new Outcome(false, notClosed);
        }
        if (terminated != null && known != null && !known.success()) {
            // An agent that is closed without an outcome says just that.
            return new Outcome(false, terminated);
        }
        return known != null ? known : new Outcome(false, terminated == null ? "stopped" : terminated);
    }

    /**
     * Ends an agent that throws in every cycle that has something to do: it has stopped doing its work, and others
     * would wait for it.
     */
    private final class Watched implements Agent {
        private int failures;

        @Override
        public int doWork() throws Exception {
            try {
                final int work = agent.doWork();
                if (work > 0) {
                    // A cycle without work may be one that left it to a worker, which throws what the next cycle will.
                    failures = 0;
                }
                return work;
            } catch (final AgentTerminationException e) {
                throw e;
            } catch (final Exception e) {
                if (++failures == MOST_FAILURES) {
                    throw new AgentTerminationException(agent.roleName() + " failed in every cycle: " + e);
                }
                throw e;
            }
        }

        @Override
        public void onStart() {
            agent.onStart();
        }

        @Override
        public void onClose() {
            agent.onClose();
        }

        @Override
        public String roleName() {
            return agent.roleName();
        }
    }

    private void close() {
        try {
            agent.onClose();
        } catch (final Exception e) {
            onError(e);
        }
    }

    private static String kind(final Throwable error) {
        final StackTraceElement[] trace = error.getStackTrace();
        return error.getClass() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    private static String reason(final Throwable error) {
        // The JVM's word for SIGBUS.
        return error instanceof InternalError && String.valueOf(error.getMessage()).contains("memory access")
                ? "mapped memory is gone: its file system is full, or somebody has cut a file (" + error + ")"
                : error.toString();
    }

    private void onError(final Throwable error) {
        if (outcome.get() != null && !(error instanceof AgentTerminationException)) {
            notClosed = reason(error);
        }
        if (error instanceof AgentTerminationException) {
            terminated = error.getMessage();
        } else if (printed.add(kind(error))) {
            err.println("in " + agent.roleName() + ":");
            error.printStackTrace(err);
        }
    }
}
