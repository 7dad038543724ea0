package io.rubato.port;

import io.rubato.Table;

/** Opens the row stores of one shard. */
@FunctionalInterface
public interface StoreFactory {
    /**
     * Opens the store of one table, creating it with all elements 0 where there is none. What it publishes to other
     * processes starts at 0.
     *
     * @param job     id, for readers to tell this job's store from another's
     * @param table   id, name and shape
     * @param shard   index of this shard
     * @param rows    how many of the table's rows live here, at least 1
     * @param clients how many clients will be tracked by {@link RowStore#appliedSequence}
     * @return the store
     * @throws java.io.UncheckedIOException naming the file, and the offset where its content is wrong
     */
    RowStore open(long job, Table table, int shard, int rows, int clients);
}
