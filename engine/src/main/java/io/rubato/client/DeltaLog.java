package io.rubato.client;

import io.rubato.TableSpec;
import io.rubato.kernel.RowKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The deltas of one worker to the rows of one table on one shard: a ring of records, one per row and clock (deltas to
 * the same row coalesce). Records are numbered 0, 1, 2, ...; the header of record n lies in place n mod capacity. Its
 * values lie in the slot that was freed last: as few slots as are in use go round, and stay in a processor's cache.
 *
 * <pre>
 *        tail              sealed              next
 *  ...free | handed over, maybe | being written | free ...
 *          | sent, not acked    | in this clock |
 * </pre>
 *
 * <p>The worker's thread writes records and moves the three marks. Sealed records never change, so the agent's thread
 * may read them to send and to resend; it writes only their sequence number. A record stays until the shard has
 * acknowledged it, which is what makes read-my-writes hold for deltas that an image does not contain yet.
 *
 * <p>A record's header:
 *
 * <pre>
 *  0          4         8              16             24         32
 *  | row      | form    | sequence     | previous     | values   |
 * </pre>
 *
 * where form says whether all columns may differ from 0, and whether the record is exact whatever the table's encoding;
 * sequence is that of the message that carried it (0: none yet), previous is the number of the row's record
 * before this one (-1: none), and values is where column 0 lies.
 */
final class DeltaLog {
    private static final int HEADER = 32;
    private static final int ROW = 0;
    private static final int FORM = 4;
    private static final int SPARSE = 0;
    private static final int DENSE = 1;
    private static final int EXACT = 2;
    private static final int SEQUENCE = 8;
    private static final int PREVIOUS = 16;
    private static final int VALUES = 24;
    /** So much is worth a hand-over of its own. */
    private static final long EAGER_BYTES = 128L << 10;
    /** What may be on its way while no deltas coalesce: about a processor's own cache. */
    private static final long BACKLOG_BYTES = 1L << 20;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private final TableSpec spec;
    private final int capacity;
    private final long mask;
    private final long eager;
    private final long backlog;
    private final MemorySegment headers;
    private final MemorySegment values;
    private final long base;
    /** Where in {@link #values} the slots are that no record has; the last one is next. */
    private final long[] free;
    private int freeCount;
    /** Whether any delta of this clock could join another, or could have. */
    private boolean hasCoalesced;
    /** The same of the clock before. */
    private boolean hadCoalesced;
    /** Whether records of this clock were handed over because nothing coalesces. */
    private boolean isStreaming;
    /** Number of this clock's first record. */
    private long clockBegan;
    private long tail;
    private long sealed;
    private long next;

    DeltaLog(final TableSpec spec, final int capacity, final Arena arena) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two, got " + capacity);
        }
        this.spec = spec;
        this.capacity = capacity;
        this.mask = capacity - 1L;
        final long stride = stride(spec);
        this.eager = Math.max(1, Math.min(capacity / 8, EAGER_BYTES / stride));
        this.backlog = Math.max(1, Math.min(capacity / 2, BACKLOG_BYTES / stride));
        this.headers = arena.allocate((long) capacity * HEADER, 64);
        this.values = arena.allocate(capacity * stride, 64);
        this.base = values.address();
        this.free = new long[capacity];
        Arrays.setAll(free, i -> (capacity - 1L - i) * stride);
        this.freeCount = capacity;
    }

    /** Bytes between the values of two records. */
    static long stride(final TableSpec spec) {
        return (spec.rowBytes() + 15L) & -16L;
    }

    long tail() {
        return tail;
    }

    long sealed() {
        return sealed;
    }

    long next() {
        return next;
    }

    /** No slot is free: seal, and wait for acknowledgements. */
    boolean isFull() {
        return next - tail == capacity;
    }

    /** So much is being written that it must be handed over before the clock ends, or there will be no room. */
    boolean isHalfOpen() {
        return next - sealed >= capacity / 2;
    }

    /**
     * Whether a hand-over before the clock ends is worth its while: enough is open, and neither in this clock nor in the
     * last one did any row have two deltas. It keeps the shard busy, and slots that come back soon are in a processor's
     * cache still.
     */
    boolean isWorthHandingOver() {
        return next - sealed >= eager && !hasCoalesced && !hadCoalesced;
    }

    /** The open records are handed over for that reason. */
    void stream() {
        isStreaming = true;
    }

    /**
     * Whether so much is not acknowledged that more would help nobody: whoever streams deltas is faster than who
     * applies them, and a longer queue would leave the processor's cache and make the deltas late.
     */
    boolean isBackedUp() {
        return isStreaming && sealed - tail >= backlog;
    }

    /** A delta has joined others in an open record: from now on this clock holds its deltas back. */
    void coalesced() {
        hasCoalesced = true;
        isStreaming = false;
    }

    /** What follows is of another clock. */
    void endClock() {
        hadCoalesced = hasCoalesced;
        hasCoalesced = false;
        isStreaming = false;
        clockBegan = next;
    }

    /** Whether record n still takes deltas. */
    boolean isOpen(final long n) {
        return n >= sealed;
    }

    /** Starts a record; its values are not initialised. The log must not be full. */
    long append(final int row, final boolean dense, final long previous) {
        if (previous >= clockBegan) {
            // Had that record been held back, it would take this delta.
            coalesced();
        }
        final long n = next++;
        final long header = header(n);
        headers.set(INT, header + ROW, row);
        headers.set(INT, header + FORM, dense ? DENSE : SPARSE);
        LONG.set(headers, header + SEQUENCE, 0L);
        LONG.set(headers, header + PREVIOUS, previous);
        LONG.set(headers, header + VALUES, free[--freeCount]);
        return n;
    }

    /** The caller has added to every column of an open record. */
    void markDense(final long n) {
        headers.set(INT, header(n) + FORM, DENSE);
    }

    /** An open record is to travel as it is, whatever the table's encoding. */
    void markExact(final long n) {
        headers.set(INT, header(n) + FORM, EXACT);
    }

    boolean isDense(final long n) {
        return headers.get(INT, header(n) + FORM) != SPARSE;
    }

    boolean isExact(final long n) {
        return headers.get(INT, header(n) + FORM) == EXACT;
    }

    /** The record's row, local to the shard. */
    int row(final long n) {
        return headers.get(INT, header(n) + ROW);
    }

    long previous(final long n) {
        return (long) LONG.get(headers, header(n) + PREVIOUS);
    }

    /** Sequence number of the message that carried a record; 0 before it is sent. */
    long sequence(final long n) {
        return (long) LONG.getAcquire(headers, header(n) + SEQUENCE);
    }

    /** Called by the agent, before the message is on its way. */
    void sequence(final long n, final long sequence) {
        LONG.setRelease(headers, header(n) + SEQUENCE, sequence);
    }

    MemorySegment values() {
        return values;
    }

    /** Where a record's column 0 lies in all of memory: kernels check less there. */
    long address(final long n) {
        return base + valueOffset(n);
    }

    /** Where a record's column 0 lies in {@link #values}. */
    long valueOffset(final long n) {
        return (long) LONG.get(headers, header(n) + VALUES);
    }

    void addTo(final MemorySegment target, final long offset, final long n) {
        RowKernels.BEST.add(spec.type(), target, offset, values, valueOffset(n), spec.columns());
    }

    /** Ends the writing of all open records. */
    void seal() {
        sealed = next;
    }

    /** Frees the oldest record. */
    void free() {
        free[freeCount++] = valueOffset(tail);
        tail++;
    }

    private long header(final long n) {
        return (n & mask) * HEADER;
    }
}
