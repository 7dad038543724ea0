package io.rubato.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

/**
 * All of the process's memory as one segment, so that kernels can work on a transport's buffers without making a
 * segment for each message, and the compiler knows the class of whatever is accessed. An offset into {@link #ALL} is an
 * absolute address: callers check lengths before they touch it.
 */
public final class Memory {
    /** Bytes that pass between memory and caches at once; where a line is longer, it is only touched twice. */
    public static final int CACHE_LINE = 64;
    private static final int AHEAD_BYTES = 8 << 10;
    /** Of words that are aligned: not to be checked. */
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

    /** Offset = absolute address. */
    public static final MemorySegment ALL = everything();

    private Memory() {
    }

    /**
     * Memory whose contents are not known. Unlike what {@link Arena#allocate(long, long)} gives it is not written to,
     * so that its pages take room once they are used, and it does not count for {@code -XX:MaxDirectMemorySize}.
     *
     * @param arena     frees it when it is closed, or unreachable; says which threads may use it
     * @param bytes     0 or more
     * @param alignment of its first byte, bytes: a power of two, not checked
     * @return so many bytes
     * @throws OutOfMemoryError      if the system refuses; where it grants more than it has, whoever uses too much is
     *                               killed
     * @throws IllegalStateException if the arena is closed
     * @throws WrongThreadException  if it belongs to another thread
     */
    @SuppressWarnings("restricted")
    public static MemorySegment allocate(final Arena arena, final long bytes, final long alignment) {
        final long block = UnsafeApi.allocateMemory(Math.addExact(bytes, alignment));
        try {
            return MemorySegment.ofAddress(block + alignment - 1 & -alignment)
                    .reinterpret(bytes, arena, _ -> UnsafeApi.freeMemory(block));
        } catch (final RuntimeException e) {
            UnsafeApi.freeMemory(block);
            throw e;
        }
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
     * The absolute address of a position in a segment. While it is used the segment must stay reachable and its arena
     * open, whatever thread may close it. Of {@link #ALL} only the length is checked.
     *
     * @param segment off-heap
     * @param offset  bytes
     * @param bytes   that are wanted from there on
     * @return an offset into {@link #ALL}
     * @throws IndexOutOfBoundsException if the segment is shorter
     * @throws IllegalArgumentException  if the segment is on the heap
     * @throws IllegalStateException     if its arena is closed
     * @throws WrongThreadException      if it belongs to another thread
     */
    public static long address(final MemorySegment segment, final long offset, final long bytes) {
        if (bytes < 0) {
            throw new IndexOutOfBoundsException(bytes + " bytes");
        }
        if (segment == ALL) {
            return offset;
        }
        Objects.checkFromIndexSize(offset, bytes, segment.byteSize());
        if (!segment.isNative()) {
            throw new IllegalArgumentException("the memory must be off-heap");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the memory is closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the memory belongs to another thread");
        }
        return segment.address() + offset;
    }

    /**
     * As {@link #address(MemorySegment, long, long)}, to be written to.
     *
     * @param segment off-heap
     * @param offset  bytes
     * @param bytes   that are wanted from there on
     * @return an offset into {@link #ALL}
     * @throws IndexOutOfBoundsException     if the segment is shorter
     * @throws IllegalArgumentException      if the segment is on the heap
     * @throws IllegalStateException         if its arena is closed
     * @throws WrongThreadException          if it belongs to another thread
     * @throws UnsupportedOperationException if it is read-only
     */
    public static long writable(final MemorySegment segment, final long offset, final long bytes) {
        if (segment != ALL && segment.isReadOnly()) {
            throw new UnsupportedOperationException("the memory is read-only");
        }
        return address(segment, offset, bytes);
    }

    /**
     * How many rows should be prefetched together: enough to overlap, and few enough to be in the processor's
     * first-level cache still when their turn comes.
     *
     * @param rowBytes of one
     * @return at least 1
     */
    public static int rowsAhead(final int rowBytes) {
        return Math.max(1, AHEAD_BYTES / Math.max(CACHE_LINE, rowBytes));
    }

    /**
     * Has the processor fetch rows that are needed soon. The waits for them overlap, where a use of each row would wait
     * for it alone: so little is done for each that many fit into the reorder buffer at once. What takes longest goes
     * first, the first line of every row, which may also miss its page's translation.
     *
     * @param base   absolute address of row 0
     * @param size   how many rows there are
     * @param stride bytes from one row to the next; of rows longer than 8 KiB only so much is fetched
     * @param rows   which
     * @param count  how many of them; more than {@link #rowsAhead} do not stay in the first-level cache
     * @return to be kept somewhere: what is loaded for nothing is not loaded
     * @throws IndexOutOfBoundsException if there is no such row; nothing is loaded then
     */
    public static long prefetch(final long base, final int size, final long stride, final int[] rows,
            final int count) {
        for (int i = 0; i < count; i++) {
            Objects.checkIndex(rows[i], size);
        }
        final long bytes = Math.min(stride, AHEAD_BYTES);
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += ALL.get(WORD, base + rows[i] * stride & -CACHE_LINE);
        }
        for (int i = 0; i < count; i++) {
            final long row = base + rows[i] * stride;
            sum += touch((row & -CACHE_LINE) + CACHE_LINE, row + bytes);
        }
        return sum;
    }

    /**
     * Has the processor fetch memory that is read soon: the waits for its lines overlap, where a kernel that works on
     * each overlaps few.
     *
     * @param address absolute
     * @param bytes   from there on; of more than 16 KiB, which would push each other out, only so much is fetched
     * @return to be kept somewhere: what is loaded for nothing is not loaded
     */
    public static long prefetch(final long address, final long bytes) {
        return touch(address & -CACHE_LINE, address + Math.min(bytes, 2 * AHEAD_BYTES));
    }

    /** Loads a word of every line. */
    private static long touch(final long first, final long end) {
        long sum = 0;
        long line = first;
        // Unrolled: checks and jumps would take as much room in the reorder buffer as the loads.
        for (; line + 3 * CACHE_LINE < end; line += 4 * CACHE_LINE) {
            sum += ALL.get(WORD, line) + ALL.get(WORD, line + CACHE_LINE) + ALL.get(WORD, line + 2 * CACHE_LINE)
                    + ALL.get(WORD, line + 3 * CACHE_LINE);
        }
        for (; line < end; line += CACHE_LINE) {
            sum += ALL.get(WORD, line);
        }
        return sum;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
