package io.rubato.kernel;

import java.lang.foreign.MemorySegment;
import org.agrona.DirectBuffer;

/**
 * All of the process's memory as one segment, so that kernels can work on a transport's buffers without making a
 * segment for each message. An offset into {@link #ALL} is an absolute address: callers check lengths before they touch
 * it.
 */
public final class Memory {
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

    @SuppressWarnings("restricted")
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
