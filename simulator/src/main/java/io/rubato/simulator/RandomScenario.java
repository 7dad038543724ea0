package io.rubato.simulator;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.client.ClientMemory;
import io.rubato.simulator.check.Workload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Draws a small hostile {@link Scenario}. */
final class RandomScenario {
    private static final double US = TimeUnit.MICROSECONDS.toNanos(1);
    private static final double MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_STALENESS = 5;
    private static final long EDITS = 0x9E3779B97F4A7C15L;
    private static final long STREAMS = 0x165667B19E3779F9L;
    private static final long LENGTHS = 0xC2B2AE3D27D4EB4FL;

    private final long seed;
    private final SplittableRandom random;
    private final SplittableRandom encodings;
    private final int shards;
    private final int clients;
    private final int perClient;
    private final long livenessNs;
    /** Pushed tables, and nothing that could spoil what pushing is for. */
    private final boolean isSmooth;

    RandomScenario(final long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.encodings = new SplittableRandom(~seed);
        this.shards = 1 + random.nextInt(4);
        this.clients = 1 + random.nextInt(6);
        this.perClient = 1 + random.nextInt(3);
        this.livenessNs = (2 + random.nextInt(9)) * SECOND;
        this.isSmooth = chance(0.1);
    }

    Scenario scenario() {
        final List<TableSpec> tables = tables();
        final NetworkModel network = network();
        return new Scenario(seed, shards, clients, perClient, workload(tables), memory(tables.getFirst()), network,
                new Scenario.Timing(computing(), 0, livenessNs, (long) (25 * MS),
                        (long) (US * (1 + random.nextInt(100)))),
                schedule(), neighbours(), faults());
    }

    /** Drawn from a stream of their own, so that whatever else a seed stands for does not depend on them. */
    private List<Scenario.Neighbours> neighbours() {
        final SplittableRandom own = new SplittableRandom(~seed);
        final double share = own.nextBoolean() ? 0 : own.nextBoolean() ? 1 : 0.5;
        final List<Scenario.Neighbours> neighbours = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            for (int shard = 0; shard < shards; shard++) {
                if (own.nextDouble() < share) {
                    neighbours.add(new Scenario.Neighbours(client, shard));
                }
            }
        }
        return neighbours;
    }

    private boolean chance(final double probability) {
        return random.nextDouble() < probability;
    }

    private List<TableSpec> tables() {
        final int count = chance(0.7) ? 1 : 2;
        final List<TableSpec> tables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Sometimes fewer rows than shards, sometimes longer than a batch.
            tables.add(rounded(new TableSpec("table" + i, lengthened(1 + random.nextInt(chance(0.5) ? 4 : 16)),
                    clients * perClient + (chance(0.1) ? 150 : 0), ElementType.I64, consistency())));
        }
        return tables;
    }

    /**
     * Some jobs have tables of some dozens of rows, whose deltas come in runs; the draw leaves all others as they are.
     */
    private int lengthened(final int rows) {
        return new SplittableRandom(seed ^ LENGTHS).nextInt(4) > 0 ? rows : 6 * rows;
    }

    /** Some tables travel as bf16; the draw leaves all others as they are. */
    private TableSpec rounded(final TableSpec table) {
        return table.consistency().isValueBounded() || encodings.nextInt(5) > 0 ? table
                : new TableSpec(table.name(), table.rows(), table.columns(), ElementType.F32, table.consistency(),
                        Encoding.BF16);
    }

    private Consistency consistency() {
        final int staleness = random.nextInt(MAX_STALENESS + 1);
        final int others = clients * perClient - 1;
        if (isSmooth) {
            return chance(0.7) ? Consistency.essp(staleness)
                    : Consistency.dssp(0, staleness).with(Consistency.Propagation.PUSH);
        }
        return switch (random.nextInt(10)) {
            case 0 -> Consistency.bsp();
            case 1 -> propagated(Consistency.asp());
            case 2, 3 -> Consistency.ssp(staleness);
            case 4, 5 -> Consistency.essp(staleness);
            case 6 -> bounded();
            case 7 -> sampled(Consistency.pbsp(random.nextInt(others + 2)));
            case 8 -> sampled(Consistency.pssp(staleness, random.nextInt(others + 2)));
            default -> propagated(Consistency.dssp(random.nextInt(staleness + 1), staleness));
        };
    }

    /** Deltas are up to 2^20. */
    private Consistency bounded() {
        final double bound = 1 << 18 + random.nextInt(4);
        return chance(0.5) ? Consistency.vap(bound) : Consistency.decayingVap(bound);
    }

    private Consistency sampled(final Consistency consistency) {
        return propagated(chance(0.5) ? consistency.with(Consistency.Sampling.PEERS) : consistency);
    }

    private Consistency propagated(final Consistency consistency) {
        return chance(0.5) ? consistency.with(Consistency.Propagation.PUSH) : consistency;
    }

    private Workload workload(final List<TableSpec> tables) {
        return new Workload(seed, tables, 2 + random.nextInt(11), 1 + random.nextInt(6), chance(0.3) ? 0.3 : 0,
                MAX_STALENESS, chance(0.4) ? 0.3 : 0, touched(),
                1 + random.nextInt(3), edits(), streams(), 1 + random.nextInt(4), chance(0.7));
    }

    private double edits() {
        // From a stream of its own, too, and another than that of the neighbours: each must meet the other.
        final SplittableRandom own = new SplittableRandom(seed ^ EDITS);
        return own.nextBoolean() ? own.nextDouble() : 0;
    }

    private double streams() {
        final SplittableRandom own = new SplittableRandom(seed ^ STREAMS);
        return own.nextBoolean() ? own.nextDouble() : 0;
    }

    private double touched() {
        return isSmooth ? 0.15 : chance(0.2) ? 1 : 0.1 + 0.5 * random.nextDouble();
    }

    /** Room for a few rows and messages only, or for all. */
    private ClientMemory memory(final TableSpec table) {
        if (isSmooth) {
            return new ClientMemory(1 << 20, 1 << 20, 1 << 20);
        }
        return new ClientMemory(few(table, 64), few(table, 16) * shards, few(table, 64),
                chance(0.5) ? ClientMemory.MIN_COMMAND_BYTES : 1 << 16, chance(0.3) ? 1 << random.nextInt(6) : 1 << 10);
    }

    private long few(final TableSpec table, final int overhead) {
        return chance(0.4) ? 1 << 20 : (long) (1 + random.nextInt(6)) * (table.rowBytes() + overhead);
    }

    private NetworkModel network() {
        final double scale = chance(0.5) ? 100 * US : 2 * MS;
        final Distribution delay = switch (random.nextInt(5)) {
            case 0 -> Distribution.constant(scale);
            case 1 -> Distribution.uniform(0, 4 * scale);
            case 2 -> Distribution.exponential(scale);
            case 3 -> Distribution.pareto(scale / 2, 1.2);
            default -> Distribution.lognormal(scale, 1.5);
        };
        if (isSmooth) {
            return NetworkModel.reliable(delay.atMost(livenessNs / 8));
        }
        return new NetworkModel(delay.atMost(livenessNs / 8), chance(0.4) ? 0.1 * random.nextDouble() : 0,
                chance(0.4) ? 0.3 * random.nextDouble() : 0, Distribution.uniform(0, 50 * scale),
                chance(0.3) ? 8 + random.nextInt(8) : 64, chance(0.5) ? 128 + 8 * random.nextInt(64) : 1408,
                NetworkModel.MAX_MESSAGE);
    }

    private Distribution computing() {
        return switch (random.nextInt(4)) {
            case 0 -> Distribution.constant(0);
            case 1 -> Distribution.uniform(0, 20 * MS);
            case 2 -> Distribution.exponential(10 * MS);
            default -> Distribution.pareto(2 * MS, 1.3);
        };
    }

    private Scenario.Schedule schedule() {
        return chance(0.3) ? Scenario.Schedule.FAIR
                : new Scenario.Schedule(random.nextInt(4), chance(0.5) ? 0.5 * random.nextDouble() : 0, chance(0.7),
                        chance(0.5));
    }

    private List<Fault> faults() {
        final List<Fault> faults = new ArrayList<>();
        if (chance(0.15)) {
            faults.add(new Fault.SlowWorker(random.nextInt(clients * perClient), 2 + 10 * random.nextDouble()));
        }
        if (chance(0.1)) {
            faults.add(new Fault.RandomSleeps(0.2, Distribution.exponential(100 * MS)));
        }
        if (chance(0.1)) {
            faults.add(new Fault.RotatingStraggler((long) (50 * MS)));
        }
        if (isSmooth) {
            return faults;
        }
        if (chance(0.15)) {
            faults.add(new Fault.Pause(anyone(), soon(), bearable()));
        }
        if (chance(0.15)) {
            final long from = soon();
            faults.add(partition(from, from + bearable()));
        }
        if (chance(0.06)) {
            faults.add(new Fault.Death(anyone(), soon()));
        } else if (chance(0.03)) {
            faults.add(new Fault.Pause(anyone(), soon(), 2 * livenessNs));
        } else if (chance(0.03)) {
            final long from = soon();
            faults.add(partition(from, from + 2 * livenessNs));
        }
        return faults;
    }

    private NodeId anyone() {
        final int number = random.nextInt(1 + shards + clients);
        return number == 0 ? NodeId.COORDINATOR
                : number <= shards ? NodeId.shard(number - 1) : NodeId.client(number - 1 - shards);
    }

    private long soon() {
        return (long) (random.nextDouble() * random.nextDouble() * 500 * MS);
    }

    /** Shorter than the liveness timeout. */
    private long bearable() {
        return random.nextLong(livenessNs / 2);
    }

    private Fault.Partition partition(final long fromNs, final long untilNs) {
        final Set<NodeId> left = new HashSet<>();
        final Set<NodeId> right = new HashSet<>();
        side(left, right).add(NodeId.COORDINATOR);
        for (int i = 0; i < shards; i++) {
            side(left, right).add(NodeId.shard(i));
        }
        for (int i = 0; i < clients; i++) {
            side(left, right).add(NodeId.client(i));
        }
        return new Fault.Partition(left, right, fromNs, untilNs);
    }

    private Set<NodeId> side(final Set<NodeId> left, final Set<NodeId> right) {
        return chance(0.5) ? left : right;
    }
}
