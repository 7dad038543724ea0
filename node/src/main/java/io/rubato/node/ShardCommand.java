package io.rubato.node;

import io.rubato.Outcome;
import io.rubato.port.StoreFactory;
import io.rubato.shard.ShardAgent;
import io.rubato.shard.ShardContext;
import io.rubato.store.SlabStoreFactory;
import io.rubato.transport.aeron.AeronTransport;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rubato shard}. */
@Command(name = "shard", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs one shard of a job, or several, each on a thread of its own: a shard owns a part of every "
                + "table's rows. Ends with the job.")
final class ShardCommand implements Callable<Integer> {
    /** What shards take to close their files when the job has failed. */
    private static final long FAREWELL_S = 3;

    @Option(names = "--index", paramLabel = "I", required = true,
            description = "Of this process's first shard, 0 to the number of shards - 1.")
    private int index;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1",
            description = "Shards of this process, numbered on from --index; the further ones listen at the numbers or "
                    + "ports after that of --listen (default ${DEFAULT-VALUE}).")
    private int count;

    @Mixin
    private CoordinatorAddress coordinator;

    @Mixin
    private RoleOptions role;

    @Option(names = "--store", paramLabel = "DIR", required = true,
            description = "Where its rows are kept; rows that are there already are the start.")
    private Path store;

    /** Read from the command line. */
    ShardCommand() {
    }

    ShardCommand(final Launched given) {
        index = given.count("--index");
        count = given.count("--count");
        coordinator = new CoordinatorAddress(given);
        role = new RoleOptions(given);
        store = given.path("--store");
    }

    @Override
    public Integer call() throws Exception {
        role.tieToLauncher();
        JobConfig.inRange("--count", count, JobConfig.MAX_PROCESSES);
        RoleOptions.requireIndex(index);
        final byte[] secret = role.secret();
        final StoreFactory stores = stores();
        final List<AeronTransport> endpoints = IntStream.range(0, count).mapToObj(role::openTransport).toList();
        final String address = coordinator.await(role.isLaunched(), endpoints);
        final ExecutorService threads = Executors.newFixedThreadPool(count);
        final CompletionService<Outcome> shards = new ExecutorCompletionService<>(threads);
        for (int i = 0; i < count; i++) {
            final int shard = index + i;
            final AeronTransport endpoint = endpoints.get(i);
            final ShardAgent agent = coordinator.joins(
                    () -> new ShardAgent(new ShardContext(endpoint, address, SystemNanoClock.INSTANCE, secret, shard,
                            ProcessHandle.current().pid(), stores, CoordinatorCommand.LIVENESS_NS)));
            shards.submit(
                    new AgentLoop(agent, agent::outcome, System.err, role.agentIdle())::run);
        }
        threads.shutdown();
        int worst = 0;
        for (final Outcome outcome : outcomes(shards)) {
            worst = Math.max(worst, role.exitCode(outcome));
        }
        return worst;
    }

    /** Those of all shards; once one has failed, of those that end soon: the others may never hear of it. */
    private List<Outcome> outcomes(final CompletionService<Outcome> shards)
            throws InterruptedException, ExecutionException {
        final List<Outcome> outcomes = new ArrayList<>();
        boolean failed = false;
        while (outcomes.size() < count) {
            final Future<Outcome> ended = failed ? shards.poll(FAREWELL_S, TimeUnit.SECONDS) : shards.take();
            if (ended == null) {
                break;
            }
            outcomes.add(ended.get());
            failed |= !outcomes.getLast().success();
        }
        return outcomes;
    }

    private StoreFactory stores() {
        try {
            return new SlabStoreFactory(store.toAbsolutePath());
        } catch (final UncheckedIOException e) {
            throw new UsageException("--store " + e.getMessage());
        }
    }
}
