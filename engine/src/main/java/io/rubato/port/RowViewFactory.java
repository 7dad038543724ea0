package io.rubato.port;

import io.rubato.Table;

/** Finds the memory of shards on this machine, for a client. */
@FunctionalInterface
public interface RowViewFactory {
    /** Every row is asked for by message. */
    RowViewFactory NONE = (_, _, _, _, _, _) -> null;

    /**
     * Opens a view of one shard's rows of one table. Called once the shard has opened its store, by one thread at
     * a time.
     *
     * @param job     id
     * @param table   id, name and shape
     * @param shard   index
     * @param rows    how many of the table's rows live there, at least 1
     * @param clients of the job
     * @param client  that reads, an index
     * @return null if these rows are to be asked for by message
     * @throws java.io.UncheckedIOException if there must be a view and is none: the job ends with this message
     */
    RowView open(long job, Table table, int shard, int rows, int clients, int client);
}
