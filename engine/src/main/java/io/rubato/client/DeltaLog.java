package io.rubato.client;

import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.kernel.RowKernels;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The deltas of one worker to the rows of one table on one shard: a ring of records, one per row and clock (deltas to
 * the same row coalesce). Records are numbered 0, 1, 2, ...; the header of record n lies in place n mod capacity. Its
 * values lie in a slot, behind the header with which they travel if they do so as they are ({@link RowRecords}): a run of
 * such records is part of a message already. Slots come in blocks, one record after the other, and the block that was
 * freed last is taken next: as few as are in use go round, and stay in a processor's cache.
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
 * where form says whether all columns may differ from 0, whether the record is exact whatever the table's encoding, and
 * whether the slot holds a list of columns instead of a row ({@link ColumnLists}; the header with which it travels has
 * its length);
 * sequence is that of the message that carried it (0: none yet), previous is the number of the row's record
 * before this one (less than the tail: none), and values is where column 0 lies.
 */
final class DeltaLog {
    private static final int HEADER = 32;
    private static final int ROW = 0;
    private static final int FORM = 4;
    private static final int SPARSE = 0;
    private static final int DENSE = 1;
    private static final int EXACT = 2;
    private static final int LIST = 3;
    private static final int SEQUENCE = 8;
    private static final int PREVIOUS = 16;
    private static final int VALUES = 24;
    /** So much is worth a hand-over of its own. */
    private static final long EAGER_BYTES = 128L << 10;
    /** What may be on its way while no deltas coalesce: the shard has work for a millisecond or so. */
    private static final long BACKLOG_BYTES = 2L << 20;
    /** Slots that lie side by side: about as many rows of 128 floats as a message over shared memory takes. */
    private static final int BLOCK = 64;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private final TableSpec spec;
    private final int capacity;
    private final long mask;
    /** Whether dense records are rounded on their way. */
    private final boolean isNarrow;
    private final long stride;
    /** Number of the first record ever; it has the first slot of a block. */
    private final long first;
    /** Slots in a block less one. */
    private final int blockMask;
    private final MemorySegment headers;
    private final MemorySegment values;
    private final long base;
    /** Where in {@link #values} the blocks are that no record has; the last one is next. */
    private final long[] free;
    private int freeCount;
    /** For a list that becomes a row. */
    private MemorySegment list;
    /** A row of zeros. */
    private MemorySegment zeros;
    /** The slot that was taken last. */
    private long slot;
    /** Whether any delta of this clock could join another, or could have. */
    private boolean hasCoalesced;
    /** The same of the clock before. */
    private boolean hadCoalesced;
    /** Whether records of this clock were handed over because nothing coalesces. */
    private boolean isStreaming;
    /** Number of this clock's first record. */
    private long clockBegan;
    /** What all records that were appended, sealed and freed take when they are sent whole or as lists. */
    private long writtenBytes;
    private long sealedBytes;
    private long freedBytes;
    /** Of the record that was freed last; never falls. */
    private long freedSequence;
    private long tail;
    private long sealed;
    private long next;
    /**
     * All records from this number on travel with the values that they have. Set before one that does not is sealed, so
     * that the agent counts no record in that it must not.
     */
    private final AtomicLong exactDenseFrom = new AtomicLong(Long.MIN_VALUE);

    DeltaLog(final TableSpec spec, final int capacity, final Arena arena) {
        this(spec, capacity, 0, arena);
    }

    /** The first record has a number of the caller's choice. */
    DeltaLog(final TableSpec spec, final int capacity, final long first, final Arena arena) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two, got " + capacity);
        }
        this.spec = spec;
        this.capacity = capacity;
        this.mask = capacity - 1L;
        this.isNarrow = spec.encoding() == Encoding.BF16;
        this.stride = stride(spec);
        final int block = Math.max(1, Math.min(capacity / 8, BLOCK));
        this.first = first;
        this.blockMask = block - 1;
        this.headers = arena.allocate((long) capacity * HEADER, 64);
        // One more than the records fill: the oldest and the newest block may both be in use in part.
        this.free = new long[capacity / block + 1];
        this.freeCount = free.length;
        this.values = arena.allocate(free.length * block * stride, 64);
        this.base = values.address();
        Arrays.setAll(free, i -> (free.length - 1L - i) * block * stride);
        this.clockBegan = first;
        this.tail = first;
        this.sealed = first;
        this.next = first;
    }

    /** Bytes between the values of two records. */
    static long stride(final TableSpec spec) {
        return RowRecords.exactLength(spec);
    }

    /** The latest record number up to the next one's that has this lower half. */
    long number(final int lowerHalf) {
        return latest(next, lowerHalf);
    }

    /**
     * The latest sequence number up to that of the last freed record that has this lower half; 0 if there is none. Of a
     * number of long ago that is a greater one, but acknowledged as well.
     */
    long freedSequence(final int lowerHalf) {
        return Math.max(0, latest(freedSequence, lowerHalf));
    }

    private static long latest(final long upTo, final int lowerHalf) {
        return upTo - ((int) upTo - lowerHalf & 0xFFFF_FFFFL);
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
        return !hasCoalesced && !hadCoalesced
                && (writtenBytes - sealedBytes >= EAGER_BYTES || next - sealed >= Math.max(1, capacity / 8));
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
        return isStreaming
                && (sealedBytes - freedBytes >= BACKLOG_BYTES || sealed - tail >= Math.max(1, capacity / 2));
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
        if (!dense || isNarrow) {
            exactDenseFrom.setRelease(next + 1);
        }
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
        writtenBytes += stride;
        LONG.set(headers, header + VALUES, slot(n) + RowRecords.HEADER_LENGTH);
        RowRecords.header(address(n) - RowRecords.HEADER_LENGTH, row, RowRecords.DENSE);
        return n;
    }

    private long slot(final long n) {
        slot = placeInBlock(n) == 0 ? free[--freeCount] : slot + stride;
        return slot;
    }

    private long placeInBlock(final long n) {
        return n - first & blockMask;
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
        final int form = headers.get(INT, header(n) + FORM);
        return form == DENSE || form == EXACT;
    }

    /** An open record's values are a list of so many columns. */
    void markList(final long n, final int columns) {
        headers.set(INT, header(n) + FORM, LIST);
        writtenBytes -= stride - RowRecords.sparseLength(spec, columns);
        RowRecords.header(address(n) - RowRecords.HEADER_LENGTH, row(n), columns);
    }

    /** Sets all columns of an open record to 0. */
    void clear(final long n) {
        if (zeros == null) {
            zeros = Arena.ofAuto().allocate(spec.rowBytes(), 8);
        }
        MemorySegment.copy(zeros, 0, values, valueOffset(n), spec.rowBytes());
    }

    /** Whether a record's values are a list of columns. */
    boolean isList(final long n) {
        return headers.get(INT, header(n) + FORM) == LIST;
    }

    /** How many columns a record's list has. */
    int listLength(final long n) {
        return RowRecords.count(address(n) - RowRecords.HEADER_LENGTH);
    }

    /** Makes a row of an open record's list: more columns are to come. */
    void spread(final long n) {
        final int count = listLength(n);
        final long length = ColumnLists.length(spec.type(), count);
        writtenBytes += stride - RowRecords.sparseLength(spec, count);
        if (list == null) {
            list = Arena.ofAuto().allocate(spec.rowBytes(), 8);
        }
        MemorySegment.copy(values, valueOffset(n), list, 0, length);
        clear(n);
        ColumnLists.addTo(spec, address(n), list.address(), count);
        headers.set(INT, header(n) + FORM, SPARSE);
        RowRecords.header(address(n) - RowRecords.HEADER_LENGTH, row(n), RowRecords.DENSE);
    }

    boolean isExact(final long n) {
        return headers.get(INT, header(n) + FORM) == EXACT;
    }

    /** Whether a record travels with the values that it has, all of them. */
    boolean isExactDense(final long n) {
        return isNarrow ? isExact(n) : isDense(n);
    }

    /**
     * How many records from n on, but before {@code end}, lie in memory as they travel, one behind the other, from the
     * header of record n on, which is {@link RowRecords#HEADER_LENGTH} before its values.
     */
    int run(final long n, final long end) {
        if (n >= exactDenseFrom.getAcquire()) {
            return (int) Math.min(end - n, blockMask + 1 - placeInBlock(n));
        }
        if (!isExactDense(n)) {
            return 0;
        }
        int count = 1;
        while (n + count < end && placeInBlock(n + count) > 0 && isExactDense(n + count)) {
            count++;
        }
        return count;
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
        if (isList(n)) {
            ColumnLists.addTo(spec, target.address() + offset, address(n), listLength(n));
            return;
        }
        RowKernels.BEST.add(spec.type(), target, offset, values, valueOffset(n), spec.columns());
    }

    /** Ends the writing of all open records. */
    void seal() {
        sealed = next;
        sealedBytes = writtenBytes;
    }

    /** Frees the oldest record. */
    void free() {
        freedSequence = sequence(tail);
        freedBytes += isList(tail) ? RowRecords.sparseLength(spec, listLength(tail)) : stride;
        if (placeInBlock(tail + 1) == 0) {
            free[freeCount++] = valueOffset(tail) - RowRecords.HEADER_LENGTH - blockMask * stride;
        }
        tail++;
    }

    private long header(final long n) {
        return (n & mask) * HEADER;
    }
}
