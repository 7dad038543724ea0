package io.rubato.simulator;

import io.rubato.JobStoppedException;
import io.rubato.Learner;
import io.rubato.Outcome;
import io.rubato.Table;
import io.rubato.client.ClientAgent;
import io.rubato.client.ClientContext;
import io.rubato.coordinator.CoordinatorAgent;
import io.rubato.coordinator.CoordinatorContext;
import io.rubato.coordinator.JobListener;
import io.rubato.port.RowStore;
import io.rubato.port.RowView;
import io.rubato.port.StoreOpening;
import io.rubato.shard.ShardAgent;
import io.rubato.shard.ShardContext;
import io.rubato.simulator.check.Check;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** The processes of a simulated job: the engine's agents, each with an endpoint, a clock and its workers. */
final class Cluster {
    private static final byte[] SECRET = "simulated".getBytes(StandardCharsets.US_ASCII);
    private static final long JOB = 4711;
    /** Process clocks start anywhere within this time, on either side of 0. */
    private static final long ORIGINS_NS = 1L << 40;

    private final Scenario scenario;
    private final SimulatedTime time;
    private final SimulatedNetwork network;
    private final Violations violations;
    private final SplittableRandom random;
    private final Arena rowMemory;
    private final String coordinatorAddress = SimulatedNetwork.address(NodeId.COORDINATOR);
    private final List<Node> nodes = new ArrayList<>();
    private final List<Supplier<Outcome>> outcomes = new ArrayList<>();
    private final List<ClientAgent> clients = new ArrayList<>();
    private final Map<Long, MemoryStore> stores = new HashMap<>();

    Cluster(final Scenario scenario, final SimulatedTime time, final SimulatedNetwork network,
            final Violations violations, final SplittableRandom random, final Arena rowMemory) {
        this.scenario = scenario;
        this.time = time;
        this.network = network;
        this.violations = violations;
        this.random = random;
        this.rowMemory = rowMemory;
    }

    /** All processes, none of which has had a turn: the coordinator, the shards, the clients. */
    void start(final JobListener listener, final Learner learner, final Auditor auditor) {
        auditor.watches(this);
        startCoordinator(listener);
        for (int i = 0; i < scenario.shards(); i++) {
            startShard(i);
        }
        for (int i = 0; i < scenario.clients(); i++) {
            startClient(i, learner, auditor);
        }
    }

    private NanoClock clock() {
        return time.seenFrom(random.nextLong(-ORIGINS_NS, ORIGINS_NS));
    }

    private Node add(final NodeId id, final Agent agent, final SimulatedEndpoint endpoint,
            final Supplier<Outcome> outcome) {
        final Node node = new Node(id, time, agent, endpoint, scenario, random.split(), e -> threw(id, e));
        nodes.add(node);
        outcomes.add(outcome);
        return node;
    }

    private void startCoordinator(final JobListener listener) {
        final SimulatedEndpoint endpoint = network.open(NodeId.COORDINATOR);
        final CoordinatorAgent agent = new CoordinatorAgent(new CoordinatorContext(endpoint, clock(), JOB, SECRET,
                scenario.shards(), scenario.clients(), scenario.workersPerClient(), "",
                scenario.timing().livenessTimeoutNs(), listener));
        add(NodeId.COORDINATOR, agent, endpoint, agent::outcome);
    }

    private void startShard(final int index) {
        final NodeId id = NodeId.shard(index);
        final SimulatedEndpoint endpoint = network.open(id);
        final ShardAgent agent = new ShardAgent(new ShardContext(endpoint, coordinatorAddress, clock(), SECRET, index,
                pid(id), this::beginStore, scenario.timing().livenessTimeoutNs()));
        add(id, agent, endpoint, agent::outcome);
    }

    /** Some take a duty cycle or two more. */
    private StoreOpening beginStore(final long job, final Table table, final int shard, final int rows,
            final int clients) {
        final int[] left = {(table.id() + shard) % 3};
        return () -> left[0]-- > 0 ? null : openStore(table, shard, rows, clients);
    }

    private RowStore openStore(final Table table, final int shard, final int rows, final int clients) {
        final MemoryStore store = new MemoryStore(table.spec(), rows, clients, rowMemory);
        stores.put((long) table.id() << 32 | shard, store);
        return store;
    }

    /** Null if client and shard are on different machines. */
    private RowView view(final int client, final Table table, final int shard) {
        return scenario.neighbours().contains(new Scenario.Neighbours(client, shard))
                ? new SharedRows(stores.get((long) table.id() << 32 | shard), node(NodeId.client(client)),
                        client, random.split(), rowMemory)
                : null;
    }

    private void startClient(final int index, final Learner learner, final Auditor auditor) {
        final NodeId id = NodeId.client(index);
        final SimulatedEndpoint endpoint = network.open(id);
        final WorkerIdle idle = new WorkerIdle();
        final ClientAgent agent = new ClientAgent(new ClientContext(endpoint, coordinatorAddress, clock(), SECRET,
                index, pid(id), scenario.workersPerClient(), scenario.memory(),
                (_, table, shard, _, _, client) -> view(client, table, shard), () -> idle,
                scenario.schedule().workersAssist(),
                scenario.timing().livenessTimeoutNs()));
        final Node node = add(id, agent, endpoint, agent::outcome);
        idle.of(node);
        clients.add(agent);
        for (int thread = 0; thread < scenario.workersPerClient(); thread++) {
            final int number = thread;
            final SimulatedWorker worker = new SimulatedWorker(index * scenario.workersPerClient() + thread, time,
                    () -> live(id, agent, number, learner));
            node.workers().add(worker);
            auditor.add(worker);
        }
    }

    /** What a worker's thread does in a real process. */
    private void live(final NodeId id, final ClientAgent client, final int thread, final Learner learner) {
        try {
            client.awaitConfig();
            learner.run(client.worker(thread));
            client.finished(thread);
        } catch (final JobStoppedException e) {
            // The job has ended; how is told by the agent.
        } catch (final Throwable e) {
            threw(id, e);
            client.failed(thread, e.toString());
        }
    }

    private void threw(final NodeId id, final Throwable e) {
        final StringWriter stack = new StringWriter();
        e.printStackTrace(new PrintWriter(stack));
        violations.report(Check.ERROR, id + " threw " + stack);
    }

    /** Tells processes apart in the engine's messages. */
    static long pid(final NodeId id) {
        return id.index() + (id.role() == NodeId.Role.SHARD ? 100_000 : 200_000);
    }

    /** Looks at the caches that a worker's reads of a table fill. */
    void checkCaches(final int worker, final int table) {
        final ClientAgent client = clients.get(worker / scenario.workersPerClient());
        final String excess = cacheExcess(scenario, table, client.processCacheRows(table),
                client.workerCacheRows(worker % scenario.workersPerClient(), table));
        if (excess != null) {
            violations.report(Check.CACHE_BOUND, "worker " + worker + ": " + excess);
        }
    }

    /** Which cache holds more rows than its bound; null if none does. */
    static String cacheExcess(final Scenario scenario, final int table, final long inProcess, final long inWorker) {
        final int rowBytes = scenario.workload().tables().get(table).rowBytes();
        final long processBound = Math.max(scenario.workersPerClient() + 1L,
                scenario.memory().processCacheBytes() / rowBytes);
        final long workerBound = Math.max(1, scenario.memory().workerCacheBytes() / rowBytes);
        return inProcess > processBound ? "its process caches " + inProcess + " rows, allowed are " + processBound
                : inWorker > workerBound ? "it caches " + inWorker + " rows, allowed are " + workerBound : null;
    }

    List<Node> nodes() {
        return nodes;
    }

    Node node(final NodeId id) {
        return nodes.get(number(id));
    }

    int number(final NodeId id) {
        return switch (id.role()) {
            case COORDINATOR -> 0;
            case SHARD -> 1 + id.index();
            case CLIENT -> 1 + scenario.shards() + id.index();
        };
    }

    /** How the job ended, as the coordinator tells it, or else the first process that knows; null if nobody does. */
    Outcome outcome() {
        for (int i = 0; i < nodes.size(); i++) {
            final Outcome outcome = nodes.get(i).isDead() ? null : outcomes.get(i).get();
            if (outcome != null) {
                return outcome;
            }
        }
        return null;
    }

    /** What the shards hold. */
    long element(final int table, final long row, final int column) {
        final int shard = (int) (row % scenario.shards());
        return stores.get((long) table << 32 | shard).element((int) (row / scenario.shards()), column);
    }
}
