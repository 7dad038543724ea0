package io.rubato.client;

/**
 * Bounds of the memory of a client. All of it is off-heap but for small indexes.
 *
 * @param workerCacheBytes  of each worker's cache, per table; at least one row is kept
 * @param deltaLogBytes     of each worker's delta log, per table; at least four rows per shard are kept. On top come up
 *                          to 4 MiB for each shard that sees the worker's memory
 * @param processCacheBytes of the process cache, per table; at least {@code workers + 1} rows are kept
 * @param commandBytes      of the queue from each worker to the agent: a power of two, at least {@value
 *                          #MIN_COMMAND_BYTES}; a full one makes the worker wait for the agent
 * @param window            most unacknowledged messages to a shard: a power of two
 */
public record ClientMemory(long workerCacheBytes, long deltaLogBytes, long processCacheBytes, int commandBytes,
        int window) {
    /** Least {@link #commandBytes}. */
    public static final int MIN_COMMAND_BYTES = 1 << 11;
    /** What suits a client with few workers. */
    public static final int DEFAULT_COMMAND_BYTES = 1 << 19;
    /** What suits a shard whose acknowledgements take a while. */
    public static final int DEFAULT_WINDOW = 1 << 14;

    /**
     * Checks the queue and the window.
     *
     * @throws IllegalArgumentException if one is no power of two, or too small
     */
    public ClientMemory {
        if (commandBytes < MIN_COMMAND_BYTES || Integer.bitCount(commandBytes) != 1) {
            throw new IllegalArgumentException("the command queue must have a power of two of bytes, at least "
                    + MIN_COMMAND_BYTES + ", got " + commandBytes);
        }
        if (window < 1 || Integer.bitCount(window) != 1) {
            throw new IllegalArgumentException("the window must be a power of two, got " + window);
        }
    }

    /**
     * With a command queue and a window of the usual size.
     *
     * @param workerCacheBytes  of each worker's cache, per table
     * @param deltaLogBytes     of each worker's delta log, per table
     * @param processCacheBytes of the process cache, per table
     */
    public ClientMemory(final long workerCacheBytes, final long deltaLogBytes, final long processCacheBytes) {
        this(workerCacheBytes, deltaLogBytes, processCacheBytes, DEFAULT_COMMAND_BYTES, DEFAULT_WINDOW);
    }
}
