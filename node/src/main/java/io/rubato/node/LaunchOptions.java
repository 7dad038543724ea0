package io.rubato.node;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the processes of a job on this machine keep things, and where its result goes. */
final class LaunchOptions {
    private static final int FRAME_ALIGNMENT = 32;
    /** Room for a row of 128 floats and all that goes with it. */
    private static final int MIN_MTU = 1024;
    private static final int MAX_MTU = 65_504;

    @Option(names = "--json", paramLabel = "FILE",
            description = "Write the result as one JSON object; - for standard output.")
    private String json;

    @Option(names = "--store", paramLabel = "DIR",
            description = "Where the shards keep their rows while the job runs (default: shared memory).")
    private Path store;

    @Option(names = "--driver", paramLabel = "process|embedded", defaultValue = "process",
            description = "Where the media driver runs: alone, or with the coordinator (default ${DEFAULT-VALUE}).")
    private String driver;

    @Option(names = "--shard-processes", paramLabel = "P",
            description = "How many processes the shards are spread over (default: one each).")
    private Integer shardProcesses;

    @Option(names = Idle.OPTION, paramLabel = "HOW", defaultValue = Idle.DEFAULT, converter = Idle.Parser.class,
            description = Idle.DESCRIPTION)
    private Idle idle;

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "0",
            description = "Longest frame between processes, a multiple of 32 from 1024 to 65504 (default: 32768 over "
                    + "ipc, 16384 over udp).")
    private int mtu;

    /** Checks that everything named can be written. */
    Launcher.Layout layout() {
        if (!driver.equals("process") && !driver.equals("embedded")) {
            throw new UsageException("--driver must be process or embedded, got '" + driver + "'");
        }
        if (shardProcesses != null && shardProcesses < 1) {
            throw new UsageException("--shard-processes must be at least 1, got " + shardProcesses);
        }
        if (mtu != 0 && (mtu % FRAME_ALIGNMENT != 0 || mtu < MIN_MTU || mtu > MAX_MTU)) {
            throw new UsageException("--mtu must be a multiple of " + FRAME_ALIGNMENT + " from " + MIN_MTU + " to "
                    + MAX_MTU + ", got " + mtu);
        }
        final JsonTarget target = new JsonTarget(json);
        target.check();
        if (store != null) {
            Outputs.probe("--store " + store, store.toAbsolutePath());
        }
        return new Launcher.Layout(store == null ? null : store.toAbsolutePath(), driver.equals("embedded"),
                shardProcesses == null ? Integer.MAX_VALUE : shardProcesses, target, mtu, idle);
    }
}
