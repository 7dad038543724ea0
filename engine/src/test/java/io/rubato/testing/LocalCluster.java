package io.rubato.testing;

import io.rubato.Learner;
import io.rubato.Outcome;
import io.rubato.client.ClientAgent;
import io.rubato.client.ClientContext;
import io.rubato.client.ClientMemory;
import io.rubato.coordinator.ClockProgress;
import io.rubato.coordinator.CoordinatorAgent;
import io.rubato.coordinator.CoordinatorContext;
import io.rubato.coordinator.JobListener;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.Member;
import io.rubato.port.StoreFactory;
import io.rubato.shard.ShardAgent;
import io.rubato.shard.ShardContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * A whole job in one process: the agents take turns on the calling thread, each worker has a thread of its own. The
 * network is a {@link MemoryNetwork}, the stores are memory.
 */
public final class LocalCluster implements JobListener {
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.US_ASCII);
    private static final long HANG_GUARD_NS = TimeUnit.SECONDS.toNanos(120);
    /** A test's clock may run much faster than the wall's; nobody is to be taken for dead because of that. */
    private static final long LIVENESS_NS = TimeUnit.DAYS.toNanos(100);

    private final int shards;
    private final int clients;
    private final int threads;
    private MemoryNetwork network = new MemoryNetwork();
    private StoreFactory stores = (_, table, _, rows, _) -> () -> new HeapFreeStore(table.spec(), rows);
    private NanoClock clock = System::nanoTime;
    private long cacheBytes = 64 << 20;
    private long logBytes = 64 << 20;
    private final List<ClockProgress> progress = new ArrayList<>();
    private volatile Throwable learnerError;
    private JobReport report;
    private String failure;

    /**
     * A job of this shape, not yet run.
     *
     * @param shards  processes that own rows
     * @param clients processes that host workers
     * @param threads workers per client
     */
    public LocalCluster(final int shards, final int clients, final int threads) {
        this.shards = shards;
        this.clients = clients;
        this.threads = threads;
    }

    /**
     * Uses a network of the test's own.
     *
     * @param own with faults
     * @return this
     */
    public LocalCluster network(final MemoryNetwork own) {
        network = own;
        return this;
    }

    /**
     * Uses stores of the test's own.
     *
     * @param own factory
     * @return this
     */
    public LocalCluster stores(final StoreFactory own) {
        stores = own;
        return this;
    }

    /**
     * Uses a clock of the test's own, so that timeouts can be brought about.
     *
     * @param own safe for all threads
     * @return this
     */
    public LocalCluster clock(final NanoClock own) {
        clock = own;
        return this;
    }

    /**
     * Bounds caches and delta logs.
     *
     * @param perCache of worker and process cache, per table
     * @param perLog   of a worker's delta log, per table
     * @return this
     */
    public LocalCluster bytes(final long perCache, final long perLog) {
        cacheBytes = perCache;
        logBytes = perLog;
        return this;
    }

    /**
     * Runs the learner on every worker until the job has ended.
     *
     * @param learner for all workers
     * @return the report of a job that ended well
     * @throws AssertionError if the learner threw, the job failed, or nothing ends
     */
    public JobReport run(final Learner learner) {
        final Outcome outcome = runToEnd(learner);
        if (learnerError != null) {
            throw new AssertionError("a worker threw", learnerError);
        }
        if (!outcome.success()) {
            throw new AssertionError("the job failed: " + outcome.reason());
        }
        return report;
    }

    /**
     * Runs the learner on every worker until the job has ended, well or not.
     *
     * @param learner for all workers
     * @return how it ended
     */
    public Outcome runToEnd(final Learner learner) {
        final CoordinatorAgent coordinator = new CoordinatorAgent(
                new CoordinatorContext(network.open("coordinator"), clock, 4711, SECRET, shards, clients, threads,
                        "the configuration", LIVENESS_NS, this));
        final List<Agent> agents = new ArrayList<>(List.of(coordinator));
        for (int i = 0; i < shards; i++) {
            agents.add(
                    new ShardAgent(new ShardContext(network.open("shard" + i), "memory:coordinator", clock, SECRET, i,
                            100 + i, stores, LIVENESS_NS)));
        }
        final List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            final ClientAgent client = new ClientAgent(new ClientContext(network.open("client" + i),
                    "memory:coordinator", clock, SECRET, i, 200 + i, threads,
                    new ClientMemory(cacheBytes, logBytes, cacheBytes),
                    YieldingIdleStrategy::new, LIVENESS_NS));
            agents.add(client);
            for (int t = 0; t < threads; t++) {
                final int thread = t;
                workers.add(Thread.ofPlatform().daemon().start(() -> work(client, thread, learner)));
            }
        }
        pump(agents);
        workers.forEach(LocalCluster::join);
        return coordinator.outcome();
    }

    private void work(final ClientAgent client, final int thread, final Learner learner) {
        try {
            client.awaitConfig();
            learner.run(client.worker(thread));
            client.finished(thread);
        } catch (final Throwable e) {
            learnerError = learnerError == null ? e : learnerError;
            client.failed(thread, e.toString());
        }
    }

    private static void pump(final List<Agent> agents) {
        final List<Agent> alive = new ArrayList<>(agents);
        final long start = System.nanoTime();
        while (!alive.isEmpty()) {
            int work = 0;
            for (final Agent agent : List.copyOf(alive)) {
                try {
                    work += agent.doWork();
                } catch (final AgentTerminationException e) {
                    alive.remove(agent);
                    agent.onClose();
                } catch (final Exception e) {
                    throw new AssertionError(agent.roleName() + " threw", e);
                }
            }
            if (work == 0) {
                Thread.yield();
            }
            if (System.nanoTime() - start > HANG_GUARD_NS) {
                throw new AssertionError("nothing ends; still alive: " + alive);
            }
        }
    }

    private static void join(final Thread worker) {
        try {
            worker.join();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Clocks that all workers finished and reported.
     *
     * @return in order
     */
    public List<ClockProgress> progress() {
        return progress;
    }

    /**
     * Why the job failed.
     *
     * @return null if it did not
     */
    public String failure() {
        return failure;
    }

    @Override
    public void onMember(final Member member) {
    }

    @Override
    public void onClock(final ClockProgress clockProgress) {
        progress.add(clockProgress);
    }

    @Override
    public void onWaiting(final String waiting) {
    }

    @Override
    public void onFinished(final JobReport jobReport) {
        report = jobReport;
    }

    @Override
    public void onFailed(final String reason) {
        failure = reason;
    }
}
