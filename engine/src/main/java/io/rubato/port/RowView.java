package io.rubato.port;

import java.lang.foreign.MemorySegment;

/**
 * One shard's rows of one table, as a client on its machine sees them while the shard writes: the reading side of a
 * {@link RowStore}. No read waits, sends a message, or shows at the shard. Safe for all threads.
 *
 * <p>A one-sided read calls the methods in this order:
 *
 * <ol>
 * <li>{@link #minimumClock} m: the row holds every delta stamped less than m;
 * <li>{@link #appliedSequence} a: the row holds everything that the client sent up to a;
 * <li>{@link #tryRead}: the row, whole or not at all;
 * <li>{@link #applyingSequence} b: the row holds nothing that the client sent after b.
 * </ol>
 *
 * {@link #tryRead} comes after what was called before it, and before what is called later, in memory too.
 *
 * <p>Of the messages between a and b, if there are any, the row may hold each or not.
 */
public interface RowView {
    /**
     * The shard's minimum clock.
     *
     * @return m, 0 before any worker has advanced; never falls
     */
    long minimumClock();

    /**
     * The newest message of the client with deltas to this table that the shard has applied.
     *
     * @return sequence number, 0 before the first
     */
    long appliedSequence();

    /**
     * A hint that some rows are about to be read: they are brought into the processor's cache together. It comes in no
     * order with anything.
     *
     * @param rows  local ids
     * @param count how many of them; {@link io.rubato.kernel.Memory#rowsAhead} says how many make sense
     * @return to be kept somewhere: what is loaded for nothing is not loaded
     * @throws IndexOutOfBoundsException if a row is none of the shard's
     */
    default long prefetch(final int[] rows, final int count) {
        return 0;
    }

    /**
     * Copies a row unless the shard is writing it.
     *
     * @param row    local id
     * @param target off-heap memory
     * @param offset of column 0, bytes, any alignment
     * @return false if the row was being written; what lies in the target is then worthless
     */
    boolean tryRead(int row, MemorySegment target, long offset);

    /**
     * The newest message of the client with deltas to this table that the shard has begun to apply.
     *
     * @return sequence number, 0 before the first
     */
    long applyingSequence();

    /**
     * Makes memory in which the shard finds deltas of a worker to this table: the writing side of {@link
     * RowStore#openLog}. What an earlier worker of that number has left is replaced, which a shard that has opened it
     * does not see. Called by the worker's thread, once, when its deltas begin to stream; may take milliseconds, as the
     * memory is filled with zeros.
     *
     * @param worker index in the job
     * @param bytes  wanted, at least 1
     * @return off-heap memory of so many bytes or less, aligned to cache lines, all 0, valid while the result is
     *         reachable; null if there is none, and the deltas are to travel in messages
     * @throws java.io.UncheckedIOException if there must be some and is none: the job ends with this message
     */
    default MemorySegment createLog(final int worker, final long bytes) {
        return null;
    }
}
