package io.rubato.simulator;

import io.rubato.simulator.Scenario.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/**
 * A process: an agent, its endpoint, and the workers of a client. It takes a turn when a message arrives, when a
 * worker's computing ends, and at every tick, since agents have timers but do not tell when they are due. In a turn
 * agent and workers alternate until nothing moves, or as long as the schedule lets them.
 *
 * <p>A blocked worker looks again only after its agent has done something, and at ticks: nobody else could have helped
 * it.
 */
final class Node {
    private static final int MOST_CYCLES = 1_000;

    private final NodeId id;
    private final SimulatedTime time;
    private final Agent agent;
    private final SimulatedEndpoint endpoint;
    private final List<SimulatedWorker> workers = new ArrayList<>();
    private final Schedule schedule;
    private final Scenario.Timing timing;
    private final SplittableRandom random;
    private final Consumer<Throwable> errors;
    private final List<Fault.Pause> pauses = new ArrayList<>();
    private SimulatedWorker running;
    private long nextTickNs;
    private long busyUntilNs;
    private boolean unfinished;
    private boolean mayHelp = true;
    private boolean agentEnded;
    private boolean dead;

    Node(final NodeId id, final SimulatedTime time, final Agent agent, final SimulatedEndpoint endpoint,
            final Scenario scenario, final SplittableRandom random, final Consumer<Throwable> errors) {
        this.id = id;
        this.time = time;
        this.agent = agent;
        this.endpoint = endpoint;
        this.schedule = scenario.schedule();
        this.timing = scenario.timing();
        this.random = random;
        this.errors = errors;
        this.nextTickNs = time.now() + random.nextLong(timing.tickNs());
    }

    NodeId id() {
        return id;
    }

    List<SimulatedWorker> workers() {
        return workers;
    }

    /** The worker whose code runs now. */
    SimulatedWorker running() {
        return running;
    }

    boolean isDead() {
        return dead;
    }

    /** Whether nothing will happen here any more. */
    boolean isOver() {
        if (dead || !agentEnded) {
            return dead;
        }
        for (final SimulatedWorker worker : workers) {
            if (!worker.hasEnded()) {
                return false;
            }
        }
        return true;
    }

    /** Times count from now. */
    void pauses(final Fault.Pause pause) {
        pauses.add(new Fault.Pause(pause.node(), time.now() + pause.fromNs(), pause.lengthNs()));
    }

    /** A worker has run the agent's duty cycle, and may have helped another one. */
    void helped() {
        mayHelp = true;
    }

    void die() {
        dead = true;
        endpoint.close();
    }

    /** When the next turn is due; {@link Long#MAX_VALUE} if never. */
    long nextTurnNs() {
        if (isOver()) {
            return Long.MAX_VALUE;
        }
        long next = unfinished ? busyUntilNs : Math.min(nextTickNs, agentEnded ? nextTickNs : endpoint.nextArrivalNs());
        for (int i = 0; i < workers.size(); i++) {
            next = Math.min(next, workers.get(i).wakeNs());
        }
        next = Math.max(next, busyUntilNs);
        for (final Fault.Pause pause : pauses) {
            if (next >= pause.fromNs() && next < pause.fromNs() + pause.lengthNs()) {
                next = pause.fromNs() + pause.lengthNs();
            }
        }
        return next;
    }

    void turn() {
        if (time.now() >= nextTickNs) {
            nextTickNs = time.now() + timing.tickNs();
            mayHelp = true;
        }
        int cycles = schedule.maxCycles() == 0 ? MOST_CYCLES : 1 + random.nextInt(schedule.maxCycles());
        boolean moves = true;
        while (moves && cycles-- > 0) {
            moves = schedule.agentLag() > 0 && random.nextDouble() < schedule.agentLag() || runAgent();
            moves |= runWorkers();
        }
        unfinished = moves;
        busyUntilNs = time.now() + timing.cycleNs();
    }

    private boolean runAgent() {
        if (agentEnded) {
            return false;
        }
        try {
            final boolean worked = agent.doWork() > 0;
            mayHelp |= worked;
            return worked;
        } catch (final AgentTerminationException e) {
            end();
        } catch (final Exception e) {
            errors.accept(e);
        }
        return true;
    }

    private void end() {
        agentEnded = true;
        mayHelp = true;
        try {
            agent.onClose();
        } catch (final RuntimeException e) {
            errors.accept(e);
        }
    }

    private boolean runWorkers() {
        final boolean helped = mayHelp;
        mayHelp = false;
        final int count = workers.size();
        final int first = count > 1 ? random.nextInt(count) : 0;
        boolean moved = false;
        for (int i = 0; i < count; i++) {
            final SimulatedWorker worker = workers.get((first + i) % count);
            if (worker.isBlocked() ? helped : worker.wakeNs() <= time.now()) {
                running = worker;
                moved |= worker.resume();
            }
        }
        running = null;
        return moved;
    }
}
