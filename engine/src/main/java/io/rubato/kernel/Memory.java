package io.rubato.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.agrona.DirectBuffer;

/**
 * All of the process's memory as one segment, so that kernels can work on a transport's buffers without making a
 * segment for each message. An offset into {@link #ALL} is an absolute address: callers check lengths before they touch
 * it.
 */
public final class Memory {
    private static final long CACHE_LINE = 64;
    private static final int AHEAD_BYTES = 8 << 10;

    /** Offset = absolute address. */
    public static final MemorySegment ALL = everything();

    private Memory() {
    }

    /**
     * The absolute address of a position in an off-heap buffer.
     *
     * @param buffer off-heap
     * @param offset bytes
     * @return an offset into {@link #ALL}
     * @throws IllegalArgumentException if the buffer is on the heap
     */
    public static long address(final DirectBuffer buffer, final int offset) {
        if (buffer.byteArray() != null) {
            throw new IllegalArgumentException("the buffer must be off-heap");
        }
        return buffer.addressOffset() + offset;
    }

    /**
     * How many rows should be prefetched together: enough to overlap, and few enough to be in the processor's first-level
     * cache still when their turn comes.
     *
     * @param rowBytes of one
     * @return at least 1
     */
    public static int rowsAhead(final int rowBytes) {
        return Math.max(1, AHEAD_BYTES / rowBytes);
    }

    /**
     * Has the processor fetch memory that is needed soon. Calls one after the other overlap, where a use of each piece
     * would wait for it alone.
     *
     * @param address absolute
     * @param bytes   from there on; of more than 8 KiB only the first
     * @return to be kept somewhere: what is loaded for nothing is not loaded
     */
    public static long prefetch(final long address, final long bytes) {
        final long end = address + Math.min(bytes, AHEAD_BYTES);
        long sum = 0;
        for (long line = address & -CACHE_LINE; line < end; line += CACHE_LINE) {
            sum += ALL.get(ValueLayout.JAVA_LONG, line);
        }
        return sum;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
