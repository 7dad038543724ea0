package io.rubato.node;

import io.rubato.JobStoppedException;
import io.rubato.Learner;
import io.rubato.Outcome;
import io.rubato.Worker;
import io.rubato.client.ClientAgent;
import io.rubato.client.ClientContext;
import io.rubato.client.ClientMemory;
import io.rubato.transport.aeron.AeronTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rubato worker}: a client and its workers. */
@Command(name = "worker", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs one worker process of a job. What to train it learns from the coordinator; the data files "
                + "must be at the same path on every machine. Ends with the job.")
final class WorkerCommand implements Callable<Integer> {
    /** Per table. */
    private static final long WORKER_CACHE_BYTES = 64L << 20;
    private static final long DELTA_LOG_BYTES = 64L << 20;
    /** Per table. */
    private static final long PROCESS_CACHE_BYTES = 256L << 20;

    @Option(names = "--index", paramLabel = "I", required = true,
            description = "Of this process, 0 to the number of worker processes - 1.")
    private int index;

    @Option(names = "--threads", paramLabel = "T", defaultValue = "1",
            description = "Workers of this process, as the job says (default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--shard-store", paramLabel = "DIR",
            description = "Where the shards on this machine keep their rows (their --store): this process then reads "
                    + "them, and shares its deltas there, without messages, unless the job says --one-sided off.")
    private Path shardStore;

    @Mixin
    private CoordinatorAddress coordinator;

    @Mixin
    private RoleOptions role;

    /** Read from the command line. */
    WorkerCommand() {
    }

    WorkerCommand(final Launched given) {
        index = given.count("--index");
        threads = given.count("--threads");
        shardStore = given.path("--shard-store");
        coordinator = new CoordinatorAddress(given);
        role = new RoleOptions(given);
    }

    @Override
    public Integer call() throws Exception {
        role.tieToLauncher();
        final byte[] secret = role.secret();
        JobConfig.inRange("--threads", threads, JobConfig.MAX_PROCESSES);
        RoleOptions.requireIndex(index);
        final AeronTransport transport = role.openTransport();
        final String address = coordinator.await(role.isLaunched(), List.of(transport));
        final ShardMemory memory = new ShardMemory(shardStore, System.err);
        final ClientAgent agent = coordinator.joins(() -> new ClientAgent(new ClientContext(transport, address,
                SystemNanoClock.INSTANCE, secret, index, ProcessHandle.current().pid(), threads,
                new ClientMemory(WORKER_CACHE_BYTES, DELTA_LOG_BYTES, PROCESS_CACHE_BYTES),
                memory, role::workerIdle, true, CoordinatorCommand.LIVENESS_NS)));
        final FutureTask<Outcome> loop =
                new FutureTask<>(
                        new AgentLoop(agent, agent::outcome, System.err, role.idle().ofCalmAgent())::run);
        Thread.ofPlatform().name("client").start(loop);
        final List<Thread> workers = start(agent, memory);
        for (final Thread worker : workers) {
            worker.join();
        }
        return role.exitCode(loop.get());
    }

    /** Starts the workers once the job is known. */
    private List<Thread> start(final ClientAgent agent, final ShardMemory memory) {
        final JobConfig config;
        final Learner learner;
        try {
            config = JobConfig.parse(agent.awaitConfig());
            memory.wanted(config.oneSided());
            learner = LearnerType.of(config).create(config);
        } catch (final JobStoppedException e) {
            return List.of();
        } catch (final UsageException | FailureException e) {
            agent.failed(0, e.getMessage());
            return List.of();
        } catch (final Throwable e) {
            agent.failed(0, e.toString());
            return List.of();
        }
        final List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            final int thread = i;
            started.add(Thread.ofPlatform().name("worker " + i).start(() -> train(agent, config, learner, thread)));
        }
        return started;
    }

    private static void train(final ClientAgent agent, final JobConfig config, final Learner learner,
            final int thread) {
        try {
            final Worker worker = agent.worker(thread);
            final boolean slow = config.slow() != null && config.slow().slows(worker.index());
            learner.run(slow ? new Straggler(worker, config.slow(), config.model().merged()) : worker);
            agent.finished(thread);
        } catch (final JobStoppedException e) {
            // The coordinator knows, and tells.
            return;
        } catch (final IllegalStateException | IOException | UncheckedIOException e) {
            // A learner's way to say what went wrong, or memory that must be shared and cannot.
            agent.failed(thread, e.getMessage());
        } catch (final Throwable e) {
            e.printStackTrace();
            agent.failed(thread, e.toString());
        }
    }
}
