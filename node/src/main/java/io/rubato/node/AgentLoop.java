package io.rubato.node;

import io.rubato.Outcome;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * Runs an agent of the engine until its job is over, waiting as every process of the program does. An exception that it
 * throws meanwhile is printed once per kind, and it goes on; an error ends it.
 */
public final class AgentLoop {
    private static final int SPINS = 10;
    private static final int YIELDS = 20;
    private static final long MIN_PARK_NS = 1_000;
    /** What a worker that waits may oversleep. */
    private static final long WORKER_PARK_NS = 100_000;
    /** What shards and clients may oversleep: a shorter park costs the workers more time than it saves them. */
    public static final long BRISK_PARK_NS = 250_000;
    /** What the coordinator may oversleep: nobody waits for it while training. */
    public static final long CALM_PARK_NS = 1_000_000;

    private final Agent agent;
    private final Supplier<Outcome> outcome;
    private final PrintStream err;
    private final long maxParkNs;
    private final Set<String> printed = new HashSet<>();
    private volatile String terminated;

    /**
     * A loop to be run once.
     *
     * @param agent     closed at the end
     * @param outcome   how the agent's job ended; null while it goes on
     * @param err       where exceptions are printed
     * @param maxParkNs what an idle agent may oversleep
     */
    public AgentLoop(final Agent agent, final Supplier<Outcome> outcome, final PrintStream err, final long maxParkNs) {
        this.agent = agent;
        this.outcome = outcome;
        this.err = err;
        this.maxParkNs = maxParkNs;
    }

    /**
     * How a worker waits. Backs off: a machine with two cores runs all the processes of a job at once.
     *
     * @return for one thread
     */
    public static IdleStrategy workerIdleStrategy() {
        return agentIdleStrategy(WORKER_PARK_NS);
    }

    /**
     * How an agent waits that has nothing to do.
     *
     * @param maxParkNs what it may oversleep
     * @return for one thread
     */
    public static IdleStrategy agentIdleStrategy(final long maxParkNs) {
        return new BackoffIdleStrategy(SPINS, YIELDS, MIN_PARK_NS, maxParkNs);
    }

    /**
     * Runs the agent on this thread; returns when the job is over for this process, and the agent closed.
     *
     * @return how the job ended
     */
    public Outcome run() {
        final IdleStrategy idle = agentIdleStrategy(maxParkNs);
        try {
            new AgentRunner(idle, this::onError, null, agent).run();
        } catch (final Error e) {
            // The runner has reported it, but leaves the agent open, and those who wait for it would wait for ever.
            terminated = e.toString();
            close();
        }
        final Outcome known = outcome.get();
        return known != null ? known : new Outcome(false, terminated == null ? "stopped" : terminated);
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

    private void onError(final Throwable error) {
        if (error instanceof AgentTerminationException) {
            terminated = error.getMessage();
        } else if (printed.add(kind(error))) {
            err.println("in " + agent.roleName() + ":");
            error.printStackTrace(err);
        }
    }
}
