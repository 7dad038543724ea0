package io.rubato.node;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the processes of a job on this machine keep things, and where its result goes. */
final class LaunchOptions {
    @Option(names = "--json", paramLabel = "FILE",
            description = "Write the result as one JSON object; - for standard output.")
    private String json;

    @Option(names = "--store", paramLabel = "DIR",
            description = "Where the shards keep their rows while the job runs (default: shared memory).")
    private Path store;

    @Option(names = "--driver", paramLabel = "process|embedded", defaultValue = "process",
            description = "Where the media driver runs: alone, or with the coordinator (default ${DEFAULT-VALUE}).")
    private String driver;

    /** Checks that everything named can be written. */
    Launcher.Layout layout() {
        if (!driver.equals("process") && !driver.equals("embedded")) {
            throw new UsageException("--driver must be process or embedded, got '" + driver + "'");
        }
        final JsonTarget target = new JsonTarget(json);
        target.check();
        if (store != null) {
            Outputs.probe("--store " + store, store.toAbsolutePath());
        }
        return new Launcher.Layout(store == null ? null : store.toAbsolutePath(), driver.equals("embedded"), target);
    }
}
