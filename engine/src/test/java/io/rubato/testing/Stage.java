package io.rubato.testing;

import io.rubato.Table;
import io.rubato.client.ClientAgent;
import io.rubato.client.ClientContext;
import io.rubato.client.ClientMemory;
import io.rubato.coordinator.ClockProgress;
import io.rubato.coordinator.CoordinatorAgent;
import io.rubato.coordinator.CoordinatorContext;
import io.rubato.coordinator.JobListener;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.Member;
import io.rubato.port.RowStore;
import io.rubato.port.RowViewFactory;
import io.rubato.port.StoreOpening;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.shard.ShardAgent;
import io.rubato.shard.ShardContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;

/**
 * A job on one thread and on virtual time. The test says which agents take part; they take turns in {@link #cycle}. A
 * worker that waits lets them take turns too, so that a test can call a worker's blocking methods on its own thread. An
 * agent may only end by {@link AgentTerminationException}.
 */
public final class Stage implements JobListener {
    /** Id of the job. */
    public static final long JOB = 4711;
    /** Liveness timeout of everyone. */
    public static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(10);
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.US_ASCII);
    private static final int PATIENCE = 20_000;
    private static final long MAX_STORE_BYTES = 64 << 20;

    private final VirtualClock clock = new VirtualClock();
    private final MemoryNetwork network;
    private final List<Agent> agents = new ArrayList<>();
    private final List<Agent> paused = new ArrayList<>();
    private final Map<String, HeapFreeStore> stores = new HashMap<>();
    private int cyclesToOpen;
    private int storesBegun;
    private long workerCacheBytes = 1 << 20;
    private long logBytes = 1 << 20;
    private long processCacheBytes = 1 << 20;
    private RowViewFactory views = RowViewFactory.NONE;
    private long tickNs;
    private JobReport report;
    private String waiting = "";
    private String failure;

    /** On a network without faults. */
    public Stage() {
        this(new MemoryNetwork());
    }

    /**
     * On a network of the test's own.
     *
     * @param network with faults
     */
    public Stage(final MemoryNetwork network) {
        this.network = network;
    }

    /**
     * Bounds what clients that come later keep of each table.
     *
     * @param workerCache  bytes
     * @param log          bytes
     * @param processCache bytes
     * @return this
     */
    public Stage bytes(final long workerCache, final long log, final long processCache) {
        workerCacheBytes = workerCache;
        logBytes = log;
        processCacheBytes = processCache;
        return this;
    }

    /**
     * Puts clients that come later on the machine of all shards.
     *
     * @return this
     */
    public Stage oneMachine() {
        return views((_, table, shard, _, _, client) -> store(table.spec().name(), shard).view(client));
    }

    /**
     * Tells clients that come later what of the shards' memory they see.
     *
     * @param own factory
     * @return this
     */
    public Stage views(final RowViewFactory own) {
        views = own;
        return this;
    }

    /**
     * Lets time pass while a worker waits.
     *
     * @param nanos per turn
     * @return this
     */
    public Stage tick(final long nanos) {
        tickNs = nanos;
        return this;
    }

    /**
     * Adds a coordinator.
     *
     * @param shards           of the job
     * @param clients          of the job
     * @param workersPerClient of the job
     * @return the agent
     */
    public CoordinatorAgent coordinator(final int shards, final int clients, final int workersPerClient) {
        return add(new CoordinatorAgent(new CoordinatorContext(network.open("coordinator"), clock, JOB, SECRET, shards,
                clients, workersPerClient, "the configuration", LIVENESS_NS, this)));
    }

    /**
     * Adds a shard, pid 100 + index, named "shardI".
     *
     * @param index of the shard
     * @return the agent
     */
    public ShardAgent shard(final int index) {
        return add(new ShardAgent(new ShardContext(network.open("shard" + index), "memory:coordinator", clock, SECRET,
                index, 100 + index, this::beginStore, LIVENESS_NS)));
    }

    /**
     * How long shards take to open a store, from now on.
     *
     * @param cycles duty cycles, besides that in which they are asked to
     */
    public void storesTake(final int cycles) {
        cyclesToOpen = cycles;
    }

    /**
     * How often shards of this stage have begun to open a store.
     *
     * @return count since the start
     */
    public int storesBegun() {
        return storesBegun;
    }

    private StoreOpening beginStore(final long job, final Table table, final int shard, final int rows,
            final int clients) {
        storesBegun++;
        final int[] left = {cyclesToOpen};
        return () -> left[0]-- > 0 ? null : openStore(table, shard, rows);
    }

    private RowStore openStore(final Table table, final int shard, final int rows) {
        if ((long) rows * table.spec().rowBytes() > MAX_STORE_BYTES) {
            throw new UncheckedIOException(new IOException("no room for " + rows + " rows"));
        }
        final HeapFreeStore store = new HeapFreeStore(table.spec(), rows);
        stores.put(table.spec().name() + shard, store);
        return store;
    }

    /**
     * A store of a shard of this stage.
     *
     * @param table name
     * @param shard index
     * @return null if it is not open
     */
    public HeapFreeStore store(final String table, final int shard) {
        return stores.get(table + shard);
    }

    /**
     * Adds a client, pid 200 + index, named "clientI".
     *
     * @param index   of the client
     * @param workers threads it is built for
     * @return the agent
     */
    public ClientAgent client(final int index, final int workers) {
        return add(new ClientAgent(new ClientContext(network.open("client" + index), "memory:coordinator", clock,
                SECRET,
                index, 200 + index, workers, new ClientMemory(workerCacheBytes, logBytes, processCacheBytes),
                views, Turns::new, false, LIVENESS_NS)));
    }

    /**
     * Adds a shard whose part the test plays, pid 300 + index, named "shardI".
     *
     * @param index of the shard
     * @return the member
     */
    public PlayedMember playShard(final int index) {
        return play("shard" + index, RoleCode.SHARD, index, 300 + index, SECRET);
    }

    /**
     * Adds a client whose part the test plays, pid 400 + index, named "clientI".
     *
     * @param index of the client
     * @return the member
     */
    public PlayedMember playClient(final int index) {
        return play("client" + index, RoleCode.CLIENT, index, 400 + index, SECRET);
    }

    /**
     * Adds a member whose part the test plays.
     *
     * @param name   of its endpoint
     * @param role   it asks for
     * @param index  it asks for
     * @param pid    it tells
     * @param secret it knows
     * @return the member
     */
    public PlayedMember play(final String name, final RoleCode role, final int index, final long pid,
            final byte[] secret) {
        return add(new PlayedMember(network.open(name), clock, secret, role, index, pid, LIVENESS_NS));
    }

    /**
     * The job's secret.
     *
     * @return a copy
     */
    public static byte[] secret() {
        return SECRET.clone();
    }

    private <A extends Agent> A add(final A agent) {
        agents.add(agent);
        return agent;
    }

    /**
     * The job's network.
     *
     * @return for endpoints of the test's own
     */
    public MemoryNetwork network() {
        return network;
    }

    /** Gives every agent that is alive and not paused one turn. */
    public void cycle() {
        for (final Agent agent : List.copyOf(agents)) {
            if (paused.contains(agent)) {
                continue;
            }
            try {
                agent.doWork();
            } catch (final AgentTerminationException e) {
                agents.remove(agent);
                agent.onClose();
            } catch (final Exception e) {
                throw new AssertionError(agent.roleName() + " threw", e);
            }
        }
    }

    /**
     * Takes turns.
     *
     * @param count cycles
     */
    public void cycles(final int count) {
        for (int i = 0; i < count; i++) {
            cycle();
        }
    }

    /**
     * Takes turns until something has come about, while time stands still.
     *
     * @param what      for the message of a failure
     * @param condition to come about
     */
    public void await(final String what, final BooleanSupplier condition) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (i == PATIENCE) {
                throw new AssertionError("waited in vain for " + what);
            }
            cycle();
        }
    }

    /**
     * Lets time pass in steps, with turns in between.
     *
     * @param nanos  in all
     * @param stepNs of a step
     */
    public void pass(final long nanos, final long stepNs) {
        for (long passed = 0; passed < nanos; passed += stepNs) {
            clock.advance(stepNs);
            cycles(3);
        }
    }

    /**
     * Whether an agent takes its turns.
     *
     * @param agent    any of this stage
     * @param isSilent from now on
     */
    public void pause(final Agent agent, final boolean isSilent) {
        paused.remove(agent);
        if (isSilent) {
            paused.add(agent);
        }
    }

    /**
     * Whether an agent has not ended.
     *
     * @param agent any of this stage
     * @return false after its {@link AgentTerminationException}
     */
    public boolean isAlive(final Agent agent) {
        return agents.contains(agent);
    }

    /**
     * What the job did.
     *
     * @return null before it ended well
     */
    public JobReport report() {
        return report;
    }

    /**
     * Who waits for whom.
     *
     * @return as the coordinator has said last
     */
    public String waiting() {
        return waiting;
    }

    /**
     * Why the job failed.
     *
     * @return null if it has not
     */
    public String failure() {
        return failure;
    }

    @Override
    public void onMember(final Member member) {
    }

    @Override
    public void onClock(final ClockProgress progress) {
    }

    @Override
    public void onWaiting(final String sentence) {
        waiting = sentence;
    }

    @Override
    public void onFinished(final JobReport jobReport) {
        report = jobReport;
    }

    @Override
    public void onFailed(final String reason) {
        failure = reason;
    }

    /** How a worker of this stage waits. */
    private final class Turns implements IdleStrategy {
        private int turns;

        @Override
        public void idle(final int workCount) {
            idle();
        }

        @Override
        public void idle() {
            if (++turns > PATIENCE) {
                throw new AssertionError("a worker waits in vain");
            }
            clock.advance(tickNs);
            cycle();
        }

        @Override
        public void reset() {
            turns = 0;
        }
    }
}
