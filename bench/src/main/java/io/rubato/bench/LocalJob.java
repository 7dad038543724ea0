package io.rubato.bench;

import io.rubato.Worker;
import io.rubato.client.ClientAgent;
import io.rubato.client.ClientContext;
import io.rubato.client.ClientMemory;
import io.rubato.coordinator.CoordinatorAgent;
import io.rubato.coordinator.CoordinatorContext;
import io.rubato.port.StoreFactory;
import io.rubato.port.Transport;
import io.rubato.shard.ShardAgent;
import io.rubato.shard.ShardContext;
import io.rubato.testing.MemoryNetwork;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * A job of one coordinator, one shard and one client with one worker, in this JVM. The agents work only while
 * {@link #run} does; otherwise nothing disturbs a measurement, and a call of the worker that needs them would wait for
 * ever.
 */
final class LocalJob implements AutoCloseable {
    /** The job's id. */
    static final long ID = 4711;

    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.US_ASCII);
    /** Agents that rest are silent for long. */
    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.DAYS.toNanos(1);
    private static final long BYTES_PER_TABLE = 256 << 20;

    private final CoordinatorAgent coordinator;
    private final ShardAgent shard;
    private final ClientAgent client;
    private final List<Agent> agents;
    private Worker worker;
    private volatile boolean resting;

    /** Starts the job; returns when the worker is attached, with the agents at rest. */
    LocalJob(final StoreFactory stores, final UnaryOperator<Transport> shardTransport) {
        final MemoryNetwork network = new MemoryNetwork();
        final NanoClock clock = System::nanoTime;
        final Transport centre = network.open("coordinator");
        coordinator = new CoordinatorAgent(
                new CoordinatorContext(centre, clock, ID, SECRET, 1, 1, 1, "", LIVENESS_TIMEOUT_NS,
                        new SilentListener()));
        shard = new ShardAgent(new ShardContext(shardTransport.apply(network.open("shard")), centre.localAddress(),
                clock, SECRET, 0, 1, stores, LIVENESS_TIMEOUT_NS));
        client = new ClientAgent(new ClientContext(network.open("client"), centre.localAddress(), clock, SECRET, 0, 2,
                1, new ClientMemory(BYTES_PER_TABLE, BYTES_PER_TABLE, BYTES_PER_TABLE),
                YieldingIdleStrategy::new, LIVENESS_TIMEOUT_NS));
        agents = List.of(coordinator, shard, client);
        whilePumping(client::awaitConfig);
        worker = client.worker(0);
    }

    /** Lets the action use the worker on the calling thread while the agents take turns on another one. */
    void run(final Consumer<Worker> action) {
        whilePumping(() -> action.accept(worker));
    }

    /** For use at rest. */
    Worker worker() {
        return worker;
    }

    /** For driving by hand, at rest. */
    ShardAgent shard() {
        return shard;
    }

    private void whilePumping(final Runnable action) {
        resting = false;
        final Thread pump = Thread.ofPlatform().daemon().start(this::pump);
        try {
            action.run();
        } finally {
            resting = true;
            join(pump);
        }
    }

    private void pump() {
        try {
            while (!resting) {
                int work = 0;
                for (final Agent agent : agents) {
                    work += agent.doWork();
                }
                if (work == 0) {
                    Thread.yield();
                }
            }
        } catch (final Exception e) {
            // The worker must not wait for ever: closing the client ends its call.
            client.onClose();
            throw new IllegalStateException("the agents of a local job stopped", e);
        }
    }

    private static void join(final Thread pump) {
        try {
            pump.join();
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        agents.forEach(LocalJob::close);
    }

    private static void close(final Agent agent) {
        try {
            agent.onClose();
        } catch (final Exception e) {
            throw new IllegalStateException(agent.roleName() + " could not be closed", e);
        }
    }
}
