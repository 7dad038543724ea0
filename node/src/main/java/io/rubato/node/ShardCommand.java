package io.rubato.node;

import io.rubato.Outcome;
import io.rubato.port.StoreFactory;
import io.rubato.shard.ShardAgent;
import io.rubato.shard.ShardContext;
import io.rubato.store.SlabStoreFactory;
import io.rubato.transport.aeron.AeronTransport;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rubato shard}. */
@Command(name = "shard", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs one shard of a job: it owns a part of every table's rows. Ends with the job.")
final class ShardCommand implements Callable<Integer> {
    @Option(names = "--index", paramLabel = "I", required = true,
            description = "Of this shard, 0 to the number of shards - 1.")
    private int index;

    @Mixin
    private CoordinatorAddress coordinator;

    @Mixin
    private RoleOptions role;

    @Option(names = "--store", paramLabel = "DIR", required = true,
            description = "Where its rows are kept; rows that are there already are the start.")
    private Path store;

    @Override
    public Integer call() {
        role.tieToLauncher();
        final byte[] secret = role.secret();
        final StoreFactory stores = stores();
        final String address = coordinator.await();
        final AeronTransport transport = role.openTransport();
        final ShardAgent agent =
                new ShardAgent(new ShardContext(transport, address, SystemNanoClock.INSTANCE, secret, index,
                        ProcessHandle.current().pid(), stores, CoordinatorCommand.LIVENESS_NS));
        final Outcome outcome = new AgentLoop(agent, agent::outcome, System.err, AgentLoop.BRISK_PARK_NS).run();
        return role.exitCode(outcome);
    }

    private StoreFactory stores() {
        try {
            return new SlabStoreFactory(store.toAbsolutePath());
        } catch (final UncheckedIOException e) {
            throw new UsageException("--store " + e.getMessage());
        }
    }
}
