package io.rubato.bench;

import io.rubato.coordinator.CoordinatorAgent;
import io.rubato.coordinator.CoordinatorContext;
import io.rubato.node.FailureException;
import io.rubato.node.Idle;
import io.rubato.transport.aeron.AeronTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A media driver, shards and clients with a worker each, in processes of their own, and their coordinator in this one.
 * Its files lie in shared memory. Nothing of it is left once it is closed, or this process is gone.
 */
final class LocalCluster implements AutoCloseable {
    private static final int SECRET_BYTES = 32;

    private final TemporaryDirectory directory = TemporaryDirectory.inMemory();
    private final List<Child> children = new ArrayList<>();
    private final List<Child> shards = new ArrayList<>();
    private final List<Child> clients = new ArrayList<>();
    private final Thread hook = new Thread(this::stop);
    private final Idle idle;
    private Child driver;
    private AgentThread coordinator;

    /** With the program's idle strategy, on all cores; returns when every worker is attached. */
    LocalCluster(final Wire wire, final int shardCount, final int clientCount) {
        this(wire, shardCount, clientCount, Idle.BACKOFF, Placement.FREE);
    }

    /** Returns when every worker is attached. */
    LocalCluster(final Wire wire, final int shardCount, final int clientCount, final Idle idle,
            final Placement placement) {
        this.idle = idle;
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            writeSecret();
            driver = start("driver", placement.ofOthers(), List.of(),
                    List.of("driver", directory.path().toString(), idle.toString()));
            driver.ask("ready");
            final String address = coordinate(wire, shardCount, clientCount);
            for (int i = 0; i < shardCount; i++) {
                shards.add(start("shard " + i, placement.ofOthers(), List.of(),
                        member(wire, address, i, 2 + i).arguments("shard")));
            }
            for (int i = 0; i < clientCount; i++) {
                clients.add(start("client " + i, placement.ofClient(i), Child.workerFlags(),
                        member(wire, address, i, 2 + shardCount + i).arguments("client")));
            }
            askClients("attach");
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    private void writeSecret() {
        final byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        try {
            Files.write(Member.secret(directory.path()), secret);
        } catch (final IOException e) {
            throw new FailureException("cannot write to " + directory.path() + ": " + e.getMessage(), e);
        }
    }

    private Member member(final Wire wire, final String coordinator, final int index, final int endpoint) {
        return new Member(directory.path(), coordinator, index, wire.udp() ? 0 : endpoint, wire, idle);
    }

    private String coordinate(final Wire wire, final int shardCount, final int clientCount) {
        final Member member = member(wire, "", 0, 1);
        final AeronTransport transport = member.open();
        final CoordinatorAgent agent = new CoordinatorAgent(new CoordinatorContext(transport, SystemNanoClock.INSTANCE,
                1 + new SecureRandom().nextInt(Integer.MAX_VALUE), member.secret(), shardCount, clientCount, 1, "",
                Member.LIVENESS_NS, new SilentListener()));
        final String address = transport.localAddress();
        coordinator = AgentThread.start(agent, agent::outcome, Idle.BACKOFF.ofCalmAgent());
        return address;
    }

    /** Starts one more process, which ends with the cluster. */
    Child start(final String name, final List<String> arguments) {
        return start(name, List.of(), List.of(), arguments);
    }

    private Child start(final String name, final List<String> prefix, final List<String> flags,
            final List<String> arguments) {
        final Child child = Child.start(name, prefix, flags, arguments);
        synchronized (children) {
            children.add(child);
        }
        return child;
    }

    Path directory() {
        return directory.path();
    }

    Child driver() {
        return driver;
    }

    List<Child> shards() {
        return shards;
    }

    List<Child> clients() {
        return clients;
    }

    /** Lets all clients do the same at the same time; returns their answers, by client. */
    List<Map<String, Double>> askClients(final Object... words) {
        clients.forEach(client -> client.tell(words));
        return clients.stream().map(Child::answer).toList();
    }

    /** Processor time of all processes but this one so far, seconds. */
    double cpuSeconds() {
        synchronized (children) {
            return children.stream().mapToDouble(Child::cpuSeconds).sum();
        }
    }

    /** Bytes that the shards' agents have allocated so far. */
    double shardAllocatedBytes() {
        return shards.stream().mapToDouble(shard -> shard.ask("allocated").get("bytes")).sum();
    }

    private void stop() {
        if (coordinator != null) {
            coordinator.stop();
        }
        synchronized (children) {
            children.forEach(Child::close);
        }
        directory.delete();
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            directory.close();
        } catch (final IllegalStateException underWay) {
            // The hooks do the same.
            return;
        }
    }
}
