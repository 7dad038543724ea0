package io.rubato.node;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Runs a job on this machine, one process per role, and leaves nothing behind: no process and no file, whether the job
 * ends well, fails, or is interrupted. What an earlier launcher left because it was killed is removed first.
 */
final class Launcher {
    /** System property: milliseconds since 1970. */
    private static final String COMMANDED = "rubato.commanded";
    private static final Pattern MILLISECONDS = Pattern.compile("\\d{13}");
    private static final int SECRET_BYTES = 32;

    private final JvmCommand jvm;
    private final PrintStream err;

    Launcher(final JvmCommand jvm, final PrintStream err) {
        this.jvm = jvm;
        this.err = err;
    }

    /**
     * How a job's processes are laid out.
     *
     * @param store          directory below which the shards keep their rows; null for the run directory
     * @param embeddedDriver whether the coordinator hosts the media driver
     * @param shardProcesses how many processes host the shards; no more than one each
     * @param json           where the result goes
     * @param mtu            longest frame between processes, bytes; 0 for the transport's default
     * @param idle           what threads do that have nothing to do
     */
    record Layout(Path store, boolean embeddedDriver, int shardProcesses, JsonTarget json, int mtu,
            Idle idle) {
    }

    /**
     * Trains on files, which are checked while the processes start.
     *
     * @param values the job's, without the files
     * @param test   null if there is none
     * @return exit code: 0, or 1 if the job failed; the reason has been printed
     * @throws UsageException if the job or its input cannot be used
     */
    static int train(final LaunchOptions options, final Map<String, String> values, final Path data, final Path test,
            final Path out) {
        values.put("data", data.toAbsolutePath().toString());
        values.put("test", test == null ? "" : test.toAbsolutePath().toString());
        values.put("out", out.toAbsolutePath().toString());
        final JobConfig config = JobConfig.of(values);
        return new Launcher(JvmCommand.create(), System.err).run(options.layout(), run -> config, checked -> {
            LearnerType.of(checked).check(checked);
            Outputs.probe("--out " + out, out.toAbsolutePath());
        });
    }

    /**
     * Runs a job to its end.
     *
     * @param job     makes the job, once its run directory is there
     * @param prepare makes or checks its input while the processes start; the job begins when it returns
     * @return exit code: 0, or 1 if the job failed; the reason has been printed
     */
    int run(final Layout layout, final Function<RunDirectory, JobConfig> job, final Consumer<JobConfig> prepare) {
        final Path parent = RunDirectory.defaultParent();
        // Before this job has a lock of its own: to look at a lock file and close it again gives up every lock of this
        // process on it.
        RunDirectory.sweep(parent);
        if (layout.store() != null) {
            RunDirectory.sweep(layout.store());
        }
        RunDirectory.requireRoom(parent);
        final Supervisor supervisor = new Supervisor(err, Terminal.clearLine());
        final List<RunDirectory> directories = new ArrayList<>();
        final RunDirectory run = RunDirectory.create(parent);
        directories.add(run);
        final Thread hook = Thread.ofPlatform().name("interrupted").unstarted(() -> {
            err.println(Terminal.clearLine() + "rubato: interrupted");
            cleanUp(supervisor, directories);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            Path store = run.store();
            if (layout.store() != null) {
                final RunDirectory rows = RunDirectory.create(layout.store());
                directories.add(rows);
                store = rows.path();
            }
            final JobConfig config = job.apply(run);
            start(supervisor, run, store, layout, config);
            prepare(supervisor, prepare, config);
            RunDirectory.writePrivately(run.job(), config.format().getBytes(StandardCharsets.UTF_8));
            return supervisor.awaitEnd();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted", e);
        } finally {
            awaitShutdownIfUnderWay(hook);
            cleanUp(supervisor, directories);
        }
    }

    /** Processes that have no job yet leave without last words if there is to be none. */
    private static void prepare(final Supervisor supervisor, final Consumer<JobConfig> prepare,
            final JobConfig config) {
        try {
            prepare.accept(config);
        } catch (final RuntimeException e) {
            supervisor.kill();
            throw e;
        }
    }

    private void start(final Supervisor supervisor, final RunDirectory run, final Path store, final Layout layout,
            final JobConfig config) {
        final byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        RunDirectory.writePrivately(run.secret(), HexFormat.of().formatHex(secret).getBytes(StandardCharsets.US_ASCII));
        final List<String> coordinator = arguments(run, layout, config, 1);
        coordinator
                .addAll(List.of("--job", run.job().toString(), "--address-file", run.coordinatorAddress().toString(),
                        "--commanded", Long.toString(commanded())));
        if (layout.json().name() != null) {
            coordinator.addAll(List.of("--json", layout.json().name()));
        }
        if (!layout.embeddedDriver()) {
            final Child driver = start(supervisor, Role.DRIVER, 0,
                    List.of(Launched.OPTION, run.path().toString(), "--media-driver", run.mediaDriver().toString(),
                            Idle.OPTION, layout.idle().toString()));
            coordinator.addAll(List.of("--driver-pid", Long.toString(driver.pid())));
        }
        start(supervisor, Role.COORDINATOR, 0, coordinator);
        final int processes = Math.min(layout.shardProcesses(), config.shards());
        for (int i = 0; i < processes; i++) {
            final int first = firstShard(config, i, processes);
            final int count = firstShard(config, i + 1, processes) - first;
            final List<String> shard = arguments(run, layout, config, 2 + first);
            shard.addAll(List.of("--coordinator", CoordinatorAddress.inFile(run.coordinatorAddress()), "--index",
                    Integer.toString(first), "--count", Integer.toString(count), "--store", store.toString()));
            start(supervisor, Role.SHARD, first, shard);
        }
        for (int i = 0; i < config.workers(); i++) {
            final List<String> worker = arguments(run, layout, config, 2 + config.shards() + i);
            worker.addAll(List.of("--coordinator", CoordinatorAddress.inFile(run.coordinatorAddress()), "--index",
                    Integer.toString(i), "--threads", Integer.toString(config.threads()), "--shard-store",
                    store.toString()));
            start(supervisor, Role.WORKER, i, worker);
        }
    }

    /** When this program was started, by the wall's clock, as the script that did it says. */
    private static long commanded() {
        final String given = System.getProperty(COMMANDED, "");
        return MILLISECONDS.matcher(given).matches() ? Long.parseLong(given) : System.currentTimeMillis();
    }

    private static int firstShard(final JobConfig config, final int process, final int processes) {
        return (int) ((long) config.shards() * process / processes);
    }

    private Child start(final Supervisor supervisor, final Role role, final int index, final List<String> arguments) {
        return supervisor.start(role, index, jvm.of(role, arguments));
    }

    private static List<String> arguments(final RunDirectory run, final Layout layout, final JobConfig config,
            final int endpoint) {
        final String listen = config.media() == JobConfig.Media.IPC ? "ipc:" + endpoint : RoleOptions.ANY_LOOPBACK_PORT;
        return new ArrayList<>(List.of(Launched.OPTION, run.path().toString(), "--secret", run.secret().toString(),
                "--media-driver", run.mediaDriver().toString(), "--listen", listen, "--mtu",
                Integer.toString(layout.mtu()), Idle.OPTION, layout.idle().toString()));
    }

    private static void cleanUp(final Supervisor supervisor, final List<RunDirectory> directories) {
        supervisor.stop();
        directories.forEach(directory -> {
            directory.delete();
            directory.close();
        });
    }

    /** Once the JVM shuts down, the hook does what is left to do, and this thread must not get in its way. */
    private static void awaitShutdownIfUnderWay(final Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException underWay) {
            while (true) {
                try {
                    Thread.currentThread().join();
                } catch (final InterruptedException e) {
                    // Nothing but the JVM's end can end this.
                    continue;
                }
            }
        }
    }
}
