package io.rubato.port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/**
 * One shard's rows of one table. One thread writes, the shard's agent; where the store is mapped by other processes
 * they may read at the same time. Rows are local to the shard: 0..rows-1.
 */
public interface RowStore extends AutoCloseable {
    /**
     * Adds a dense delta to a row.
     *
     * @param row    local id
     * @param delta  off-heap memory, one element per column, native byte order, any alignment
     * @param offset of column 0, bytes
     */
    void add(int row, MemorySegment delta, long offset);

    /**
     * Adds a dense delta in bf16 to a row of F32.
     *
     * @param row    local id
     * @param delta  off-heap memory, 2 bytes per column, native byte order, any alignment
     * @param offset of column 0, bytes
     */
    void addBf16(int row, MemorySegment delta, long offset);

    /**
     * Adds a sparse delta to a row.
     *
     * @param row          local id
     * @param columns      off-heap memory with {@code count} 32-bit columns, each checked by the caller, any alignment
     * @param columnOffset of the first, bytes
     * @param values       off-heap memory with {@code count} elements, any alignment
     * @param valueOffset  of the first, bytes
     * @param count        number of columns
     */
    void addSparse(int row, MemorySegment columns, long columnOffset, MemorySegment values, long valueOffset,
            int count);

    /**
     * Copies a row out.
     *
     * @param row    local id
     * @param target off-heap memory
     * @param offset of column 0, bytes, any alignment
     */
    void read(int row, MemorySegment target, long offset);

    /**
     * Copies a row of F32 out, rounded to bf16.
     *
     * @param row    local id
     * @param target off-heap memory, 2 bytes per column
     * @param offset of column 0, bytes, any alignment
     */
    void readBf16(int row, MemorySegment target, long offset);

    /**
     * A hint that some rows are about to be added to: they are brought into the processor's cache together, where
     * without it each would wait for memory on its own.
     *
     * @param rows  local ids
     * @param count how many of them; twice {@link io.rubato.kernel.Memory#rowsAhead} at most makes sense
     * @return to be kept somewhere: what is loaded for nothing is not loaded
     */
    default long prefetch(final int[] rows, final int count) {
        return 0;
    }

    /**
     * Publishes the shard's minimum clock to other processes that map the store.
     *
     * @param clock m; never falls
     */
    void minimumClock(long clock);

    /**
     * Tells other processes that map the store that the deltas of a client's message are about to be added: no later
     * than the first of them shows.
     *
     * @param client   index
     * @param sequence number of the message
     */
    void applyingSequence(int client, long sequence);

    /**
     * Tells other processes that map the store that all deltas of a client's message have been added: no earlier than
     * the last of them shows.
     *
     * @param client   index
     * @param sequence number of the message
     */
    void appliedSequence(int client, long sequence);

    /**
     * Maps what a worker has made of the shard's table by {@link RowView#createLog}, to be read until the store is
     * closed.
     *
     * @param worker index in the job
     * @return off-heap memory to be read only, all that was made
     * @throws java.io.UncheckedIOException naming the file, and the offset where its content is wrong; always, if there
     *                                      are no views of this store
     */
    default MemorySegment openLog(final int worker) {
        final String problem = "worker " + worker + " shares its deltas with a shard that cannot see them";
        throw new UncheckedIOException(problem, new IOException(problem));
    }

    /** Unmaps; the rows stay if the store is durable. */
    @Override
    void close();
}
