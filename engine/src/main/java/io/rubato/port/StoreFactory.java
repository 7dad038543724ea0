package io.rubato.port;

import io.rubato.Table;

/** Opens the row stores of one shard. */
@FunctionalInterface
public interface StoreFactory {
    /**
     * Begins to open the store of one table, creating it with all elements 0 where there is none. What it publishes to
     * other processes starts at 0.
     *
     * @param job     id, for readers to tell this job's store from another's
     * @param table   id, name and shape
     * @param shard   index of this shard
     * @param rows    how many of the table's rows live here, at least 1
     * @param clients how many clients will be tracked by {@link RowStore#appliedSequence}
     * @return which leads to the store; to have room for many rows takes seconds
     */
    StoreOpening begin(long job, Table table, int shard, int rows, int clients);

    /**
     * {@linkplain #begin Begins} and goes on to the end. Blocks.
     *
     * @param job     id
     * @param table   id, name and shape
     * @param shard   index
     * @param rows    at least 1
     * @param clients how many
     * @return the store
     * @throws java.io.UncheckedIOException naming the file, and the offset where its content is wrong
     */
    default RowStore open(final long job, final Table table, final int shard, final int rows, final int clients) {
        final StoreOpening opening = begin(job, table, shard, rows, clients);
        RowStore store;
        do {
            store = opening.proceed();
        } while (store == null);
        return store;
    }
}
