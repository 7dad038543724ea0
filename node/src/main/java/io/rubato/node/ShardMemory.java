package io.rubato.node;

import io.rubato.Table;
import io.rubato.port.RowView;
import io.rubato.port.RowViewFactory;
import io.rubato.store.SlabReader;
import io.rubato.store.SlabStoreFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rows of shards on this machine, as a worker process finds them, and as far as the job wants them read. */
final class ShardMemory implements RowViewFactory {
    private final Path directory;
    private final PrintStream err;
    private volatile JobConfig.OneSided wanted = JobConfig.OneSided.OFF;

    /**
     * Nothing is read yet.
     *
     * @param directory where shards on this machine keep their rows; null if unknown
     * @param err       hears what is wrong with rows that are there
     */
    ShardMemory(final Path directory, final PrintStream err) {
        this.directory = directory;
        this.err = err;
    }

    /** What the job says; before it has tables. */
    void wanted(final JobConfig.OneSided oneSided) {
        wanted = oneSided;
    }

    @Override
    public RowView open(final long job, final Table table, final int shard, final int rows, final int clients,
            final int client) {
        final boolean isRequired = wanted == JobConfig.OneSided.ON;
        if (!isRequired && (wanted == JobConfig.OneSided.OFF || !isHere(table, shard))) {
            return null;
        }
        try {
            if (directory == null) {
                final String problem = "this worker process was not told where shards keep their rows (--shard-store)";
                throw new UncheckedIOException(problem, new IOException(problem));
            }
            return SlabReader.of(directory, job, table, shard, rows, clients, client,
                    e -> withoutLog(table, shard, isRequired, e));
        } catch (final UncheckedIOException e) {
            if (isRequired) {
                throw e;
            }
            err.println("rubato: the rows of table " + table.spec().name() + " at shard " + shard
                    + " are asked for by message: " + e.getMessage());
            return null;
        }
    }

    private void withoutLog(final Table table, final int shard, final boolean isRequired,
            final UncheckedIOException e) {
        if (isRequired) {
            throw e;
        }
        err.println("rubato: deltas to table " + table.spec().name() + " at shard " + shard + " travel in messages: "
                + e.getMessage());
    }

    /** Another machine's shards leave nothing here. */
    private boolean isHere(final Table table, final int shard) {
        return directory != null && Files.exists(SlabStoreFactory.file(directory, table.spec().name(), shard));
    }
}
