package io.rubato.simulator;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.client.ClientMemory;
import io.rubato.simulator.check.Workload;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Everything that defines a simulated run: the same scenario gives the same run, event by event.
 *
 * @param seed             of everything that is left to chance
 * @param shards           processes that own rows, at least 1
 * @param clients          processes that host workers, at least 1
 * @param workersPerClient at least 1
 * @param workload         what workers do
 * @param memory           of each client
 * @param network          how messages travel
 * @param timing           how long things take
 * @param schedule         in which order things run that could run at the same time
 * @param neighbours       which clients are on the machine of which shards
 * @param faults           what goes wrong
 */
public record Scenario(long seed, int shards, int clients, int workersPerClient, Workload workload, ClientMemory memory,
        NetworkModel network, Timing timing, Schedule schedule, List<Neighbours> neighbours, List<Fault> faults) {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Room for all rows of a small table, and short queues: there may be thousands. */
    private static final ClientMemory SMALL_CLIENT = new ClientMemory(1 << 16, 1 << 13, 1 << 16, 1 << 11, 1 << 6);

    /**
     * How long things take.
     *
     * @param computing         of a worker in one clock
     * @param durationNs        after which workers end; 0 if they end when they have made all clocks
     * @param livenessTimeoutNs a process that is silent for longer is dead
     * @param tickNs            longest time between two turns of a process, at least 1
     * @param cycleNs           how long a turn keeps a process busy, at least 1
     */
    public record Timing(Distribution computing, long durationNs, long livenessTimeoutNs, long tickNs, long cycleNs) {
        /**
         * Checks every bound.
         *
         * @throws IllegalArgumentException naming the value that is out of range
         */
        public Timing {
            if (durationNs < 0 || livenessTimeoutNs < 1 || tickNs < 1 || cycleNs < 1) {
                throw new IllegalArgumentException("durations must be positive, got duration " + durationNs
                        + ", liveness timeout " + livenessTimeoutNs + ", tick " + tickNs + ", cycle " + cycleNs);
            }
        }
    }

    /**
     * In which order things run that could run at the same time.
     *
     * @param maxCycles   most duty cycles of an agent in one turn, drawn anew each turn; 0 for as many as there is work
     *                    for
     * @param agentLag    probability that the workers run and their agent does not, 0 to less than 1
     * @param randomOrder whether chance decides among events of the same time; otherwise what was caused first happens
     *                    first
     * @param workersAssist whether a worker that waits runs its agent's duty cycle itself
     */
    public record Schedule(int maxCycles, double agentLag, boolean randomOrder, boolean workersAssist) {
        /** Everything runs as soon as it can. */
        public static final Schedule FAIR = new Schedule(0, 0, false, false);

        /**
         * Checks every bound.
         *
         * @throws IllegalArgumentException naming the value that is out of range
         */
        public Schedule {
            if (maxCycles < 0 || !(agentLag >= 0 && agentLag < 1)) {
                throw new IllegalArgumentException("maxCycles must be at least 0 and agentLag 0 to less than 1, got "
                        + maxCycles + " and " + agentLag);
            }
        }
    }

    /**
     * A client and a shard on one machine: the client reads the shard's rows one-sidedly, where the table's model
     * allows it.
     *
     * @param client index
     * @param shard  index
     */
    public record Neighbours(int client, int shard) {
    }

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public Scenario {
        faults = List.copyOf(faults);
        neighbours = List.copyOf(neighbours);
        if (shards < 1 || clients < 1 || workersPerClient < 1) {
            throw new IllegalArgumentException("there must be a shard, a client and a worker, got " + shards + ", "
                    + clients + ", " + workersPerClient);
        }
        if (timing.durationNs() > 0 && workload.exactEnd()) {
            throw new IllegalArgumentException("workers that end when time is up end at different clocks");
        }
        for (final Fault fault : faults) {
            final boolean exists = switch (fault) {
                case Fault.SlowWorker(final int worker, final double _) ->
                    worker >= 0 && worker < clients * workersPerClient;
                case Fault.Pause(final NodeId node, final long _, final long _) -> exists(node, shards, clients);
                case Fault.Death(final NodeId node, final long _) -> exists(node, shards, clients);
                default -> true;
            };
            if (!exists) {
                throw new IllegalArgumentException("there is nobody whom this could happen to: " + fault);
            }
        }
    }

    /**
     * With every process on a machine of its own.
     *
     * @param seed             of everything that is left to chance
     * @param shards           processes that own rows, at least 1
     * @param clients          processes that host workers, at least 1
     * @param workersPerClient at least 1
     * @param workload         what workers do
     * @param memory           of each client
     * @param network          how messages travel
     * @param timing           how long things take
     * @param schedule         in which order things run that could run at the same time
     * @param faults           what goes wrong
     */
    public Scenario(final long seed, final int shards, final int clients, final int workersPerClient,
            final Workload workload, final ClientMemory memory, final NetworkModel network, final Timing timing,
            final Schedule schedule, final List<Fault> faults) {
        this(seed, shards, clients, workersPerClient, workload, memory, network, timing, schedule, List.of(), faults);
    }

    private static boolean exists(final NodeId node, final int shards, final int clients) {
        return node.index() >= 0 && node.index() < switch (node.role()) {
            case COORDINATOR -> 1;
            case SHARD -> shards;
            case CLIENT -> clients;
        };
    }

    /**
     * Small and hostile: one to four shards, one to six clients, caches that evict, logs that fill, a network that
     * loses, repeats and delays, processes that stop. The seed decides everything.
     *
     * @param seed any
     * @return the scenario
     */
    public static Scenario random(final long seed) {
        return new RandomScenario(seed).scenario();
    }

    /**
     * Many equal workers that compute for a second or so per clock, read and add a little, and end when time is up.
     *
     * @param seed        any
     * @param clients     processes
     * @param perClient   workers in each
     * @param consistency of the one table, of 64 rows
     * @param seconds     of virtual time, more than 0
     * @return the scenario: uniform computing of 0.5 to 1.5 s, network delays of 0.5 ms, nothing goes wrong
     */
    public static Scenario plain(final long seed, final int clients, final int perClient, final Consistency consistency,
            final double seconds) {
        final TableSpec table = new TableSpec("audit", 64, 1, ElementType.I64, consistency);
        return new Scenario(seed, 1, clients, perClient,
                new Workload(seed, List.of(table), Long.MAX_VALUE, 1, 0, 0, 0, 1.0 / 64, 1, 0, 0, 1, false),
                SMALL_CLIENT,
                NetworkModel.reliable(Distribution.constant(0.5 * MS)),
                new Timing(Distribution.uniform(500 * MS, 1500 * MS), (long) (seconds * 1e9), 10_000 * MS, 50 * MS,
                        MS / 50),
                Schedule.FAIR, List.of());
    }

    /**
     * Number of workers.
     *
     * @return of all clients
     */
    public int workers() {
        return clients * workersPerClient;
    }

    /**
     * The same with another workload.
     *
     * @param other workload
     * @return the scenario
     */
    public Scenario with(final Workload other) {
        return new Scenario(seed, shards, clients, workersPerClient, other, memory, network, timing, schedule,
                neighbours, faults);
    }

    /**
     * The same with other bounds of memory.
     *
     * @param other bounds
     * @return the scenario
     */
    public Scenario with(final ClientMemory other) {
        return new Scenario(seed, shards, clients, workersPerClient, workload, other, network, timing, schedule,
                neighbours, faults);
    }

    /**
     * The same with another network.
     *
     * @param other network
     * @return the scenario
     */
    public Scenario with(final NetworkModel other) {
        return new Scenario(seed, shards, clients, workersPerClient, workload, memory, other, timing, schedule,
                neighbours, faults);
    }

    /**
     * The same with other timing.
     *
     * @param other timing
     * @return the scenario
     */
    public Scenario with(final Timing other) {
        return new Scenario(seed, shards, clients, workersPerClient, workload, memory, network, other, schedule,
                neighbours, faults);
    }

    /**
     * The same with another schedule.
     *
     * @param other schedule
     * @return the scenario
     */
    public Scenario with(final Schedule other) {
        return new Scenario(seed, shards, clients, workersPerClient, workload, memory, network, timing, other,
                neighbours, faults);
    }

    /**
     * The same with other faults.
     *
     * @param other faults
     * @return the scenario
     */
    public Scenario with(final List<Fault> other) {
        return new Scenario(seed, shards, clients, workersPerClient, workload, memory, network, timing, schedule,
                neighbours, other);
    }

    /**
     * Which client hosts a worker.
     *
     * @param worker index
     * @return the client
     */
    NodeId clientOf(final int worker) {
        return NodeId.client(worker / workersPerClient);
    }
}
