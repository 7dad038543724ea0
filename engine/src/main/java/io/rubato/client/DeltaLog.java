package io.rubato.client;

import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * The deltas of one worker to the rows of one table on one shard: a ring of records, one per row and clock (deltas to
 * the same row coalesce), numbered 0, 1, 2, .... They come in blocks:
 *
 * <pre>
 *  | values, values, ... | header, header, ... |
 * </pre>
 *
 * Values lie behind the bytes with which they travel if they do so as they are ({@link RowRecords}): a run of such
 * records is part of a message already.
 *
 * <pre>
 *        tail              sealed              next
 *  ...free | handed over, maybe | being written | free ...
 *          | sent, not acked    | in this clock |
 * </pre>
 *
 * <p>While records stream, they lie in blocks that the shard sees, if there is such memory. A run of records there that
 * travel as they are needs no copy: the shard applies them where they lie.
 *
 * <p>The worker's thread writes records and moves the three marks. Sealed records never change, so the agent's thread
 * may read them to send and to resend; it writes only their sequence number. A record stays until the shard has
 * acknowledged it, which is what makes read-my-writes hold for deltas that an image does not contain yet.
 *
 * <p>A record's header:
 *
 * <pre>
 *  0          4         8              16             24
 *  | row      | form    | sequence     | previous     |
 * </pre>
 *
 * where form says whether all columns may differ from 0, whether the record is exact whatever the table's encoding, and
 * whether the values are a list of columns instead of a row ({@link ColumnLists}; the bytes with which it travels have
 * its length); sequence is that of the message that carried it (0: none yet), and previous is the number of the row's
 * record before this one (less than the tail: none).
 */
final class DeltaLog {
    private static final int HEADER = 24;
    private static final int ROW = 0;
    private static final int FORM = 4;
    private static final int SPARSE = 0;
    private static final int DENSE = 1;
    private static final int EXACT = 2;
    private static final int LIST = 3;
    private static final int SEQUENCE = 8;
    private static final int PREVIOUS = 16;
    /** So much is worth a hand-over of its own. */
    private static final long EAGER_BYTES = 128L << 10;
    /** What may be on its way while no deltas coalesce: the shard has work for a millisecond or so. */
    private static final long BACKLOG_BYTES = 2L << 20;
    /**
     * Blocks that the shard sees: twice what is on its way while no deltas coalesce, so that a block rests before
     * it is written to again.
     */
    private static final long SHARED_BYTES = 2 * BACKLOG_BYTES;
    /** For a shard that sees no memory of this process. */
    static final LongFunction<MemorySegment> NOT_SHARED = _ -> null;
    /** Most bytes of a block's records, unless one alone is longer: 64 rows of 128 floats with their headers fit. */
    private static final long BLOCK_BYTES = 33L << 10;
    /** A run of less than a quarter of a block is not worth a message of its own. */
    private static final int MOST_RUNS_OF_A_BLOCK = 4;
    private static final VarHandle ORDERED = ValueLayout.JAVA_LONG.varHandle();
    // Of words that are aligned: not to be checked.
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final TableSpec spec;
    private final int capacity;
    /** Held: one that the garbage collector closes would take the blocks with it. */
    private final Arena arena;
    /** Whether dense records are rounded on their way. */
    private final boolean isNarrow;
    private final long stride;
    /** Number of the first record ever; it is the first of a block. */
    private final long first;
    /** Binary logarithm of the records in a block. */
    private final int blockShift;
    private final int blockMask;
    /** Where in a block the headers begin. */
    private final long headersOffset;
    /** Absolute addresses of the blocks in use: that of record n is in place n / block, modulo how many there are. */
    private final long[] blocks;
    /** Where they come from. */
    private final LogBlocks memory;
    /** For a list that becomes a row. */
    private MemorySegment list;
    /** A row of zeros. */
    private MemorySegment zeros;
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
        this(spec, capacity, 0, arena, NOT_SHARED);
    }

    /** The first record has a number of the caller's choice. */
    DeltaLog(final TableSpec spec, final int capacity, final long first, final Arena arena,
            final LongFunction<MemorySegment> sharing) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two, got " + capacity);
        }
        this.spec = spec;
        this.capacity = capacity;
        this.arena = arena;
        this.isNarrow = spec.encoding() == Encoding.BF16;
        this.stride = stride(spec);
        this.first = first;
        final int block = Integer.highestOneBit(Math.clamp(BLOCK_BYTES / stride, 1, Math.max(1, capacity / 8)));
        this.blockShift = Integer.numberOfTrailingZeros(block);
        this.blockMask = block - 1;
        this.headersOffset = align(block * stride, Long.BYTES);
        // One more than the records fill: the oldest and the newest block may both be in use in part.
        final int most = capacity / block + 1;
        // A power of two that is enough for all of them.
        this.blocks = new long[Integer.highestOneBit(most) << 1];
        this.memory =
                new LogBlocks(most, align(headersOffset + (long) block * HEADER, Memory.CACHE_LINE), arena,
                        SHARED_BYTES,
                        sharing);
        this.clockBegan = first;
        this.tail = first;
        this.sealed = first;
        this.next = first;
    }

    private static long align(final long bytes, final long alignment) {
        return (bytes + alignment - 1) & -alignment;
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

    /** There is no room: seal, and wait for acknowledgements. */
    boolean isFull() {
        return next - tail == capacity;
    }

    /** So much is being written that it must be handed over before the clock ends, or there will be no room. */
    boolean isHalfOpen() {
        return next - sealed >= capacity / 2;
    }

    /**
     * Whether a hand-over before the clock ends is worth its while: enough is open, and neither in this clock nor in
     * the last one did any row have two deltas. It keeps the shard busy, and few private blocks
     * in use. It ends with a block, so that runs stay whole.
     */
    boolean isWorthHandingOver() {
        return !hasCoalesced && !hadCoalesced && placeInBlock(next) == 0
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
        if (placeInBlock(next) == 0) {
            // What is held back is not shared: matrix factorization was slower so. This comes before anything changes:
            // there may be no memory to share, and that may be an error.
            blocks[blockOf(next)] = memory.take(isStreaming, dense);
        }
        if (!dense || isNarrow) {
            exactDenseFrom.setRelease(next + 1);
        }
        if (previous >= clockBegan) {
            // Had that record been held back, it would take this delta.
            coalesced();
        }
        final long n = next++;
        final long header = header(n);
        Memory.ALL.set(INT, header + ROW, row);
        Memory.ALL.set(INT, header + FORM, dense ? DENSE : SPARSE);
        Memory.ALL.set(LONG, header + SEQUENCE, 0L);
        Memory.ALL.set(LONG, header + PREVIOUS, previous);
        writtenBytes += stride;
        RowRecords.header(travelling(n), row, RowRecords.DENSE);
        return n;
    }

    /** The caller has added to every column of an open record. */
    void markDense(final long n) {
        form(n, DENSE);
    }

    /** An open record is to travel as it is, whatever the table's encoding. */
    void markExact(final long n) {
        form(n, EXACT);
    }

    boolean isDense(final long n) {
        final int form = form(n);
        return form == DENSE || form == EXACT;
    }

    /** An open record's values are a list of so many columns. */
    void markList(final long n, final int columns) {
        form(n, LIST);
        writtenBytes -= stride - RowRecords.sparseLength(spec, columns);
        RowRecords.header(travelling(n), row(n), columns);
    }

    /** Sets all columns of an open record to 0. */
    void clear(final long n) {
        if (zeros == null) {
            zeros = arena.allocate(spec.rowBytes(), 8);
        }
        MemorySegment.copy(zeros, 0, Memory.ALL, address(n), spec.rowBytes());
    }

    /** Whether a record's values are a list of columns. */
    boolean isList(final long n) {
        return form(n) == LIST;
    }

    /** How many columns a record's list has. */
    int listLength(final long n) {
        return RowRecords.count(travelling(n));
    }

    /** Makes a row of an open record's list: more columns are to come. */
    void spread(final long n) {
        final int count = listLength(n);
        final long length = ColumnLists.length(spec.type(), count);
        writtenBytes += stride - RowRecords.sparseLength(spec, count);
        if (list == null) {
            list = arena.allocate(spec.rowBytes(), 8);
        }
        MemorySegment.copy(Memory.ALL, address(n), list, 0, length);
        clear(n);
        ColumnLists.addTo(spec, address(n), list.address(), count);
        form(n, SPARSE);
        RowRecords.header(travelling(n), row(n), RowRecords.DENSE);
    }

    boolean isExact(final long n) {
        return form(n) == EXACT;
    }

    /**
     * How many records from n on, but before {@code end}, lie in memory as they travel, one behind the other, from
     * {@link #travelling} on.
     */
    int run(final long n, final long end) {
        if (n >= exactDenseFrom.getAcquire()) {
            return (int) Math.min(end - n, blockMask + 1 - placeInBlock(n));
        }
        return consecutive(n, end, isNarrow);
    }

    /** How many records of n's block are dense, from n on, but before {@code end}. */
    private int consecutive(final long n, final long end, final boolean exact) {
        long at = n;
        while (at < end && (at == n || placeInBlock(at) > 0) && (exact ? isExact(at) : isDense(at))) {
            at++;
        }
        return (int) (at - n);
    }

    /**
     * How many records from n on, but before {@code end}, the shard can apply where they lie; 0 if a message should
     * carry them, since it does not see them, or since they are so few that it can take others with it. Of records that
     * are sealed it is always the same.
     */
    int sharedRun(final long n, final long end) {
        if (!memory.isShared(travelling(n))) {
            return 0;
        }
        // What goes as bf16 was rounded before: where it lies are the same values, in full.
        final int run = isNarrow ? consecutive(n, end, false) : run(n, end);
        return run * MOST_RUNS_OF_A_BLOCK > blockMask ? run : 0;
    }

    /** Where in the shared memory a record lies that the shard sees. */
    long sharedOffset(final long n) {
        return memory.sharedOffset(travelling(n));
    }

    /** The record's row, local to the shard. */
    int row(final long n) {
        return Memory.ALL.get(INT, header(n) + ROW);
    }

    long previous(final long n) {
        return Memory.ALL.get(LONG, header(n) + PREVIOUS);
    }

    /** Sequence number of the message that carried a record; 0 before it is sent. */
    long sequence(final long n) {
        return (long) ORDERED.getAcquire(Memory.ALL, header(n) + SEQUENCE);
    }

    /** Called by the agent, before the message is on its way. */
    void sequence(final long n, final long sequence) {
        ORDERED.setRelease(Memory.ALL, header(n) + SEQUENCE, sequence);
    }

    /** Where a record's column 0 lies in all of memory. */
    long address(final long n) {
        return travelling(n) + RowRecords.HEADER_LENGTH;
    }

    /** Where in all of memory a record lies as it travels, if it does so as it is; its values are behind. */
    long travelling(final long n) {
        return blocks[blockOf(n)] + placeInBlock(n) * stride;
    }

    void addTo(final long target, final long n) {
        if (isList(n)) {
            ColumnLists.addTo(spec, target, address(n), listLength(n));
            return;
        }
        AddressKernels.BEST.add(spec.type(), target, address(n), spec.columns());
    }

    /** Ends the writing of all open records. */
    void seal() {
        sealed = next;
        sealedBytes = writtenBytes;
    }

    /** Frees the oldest record, which went in that message. */
    void free(final long sequence) {
        freedSequence = sequence;
        freedBytes += isList(tail) ? RowRecords.sparseLength(spec, listLength(tail)) : stride;
        if (placeInBlock(tail + 1) == 0) {
            memory.free(blocks[blockOf(tail)]);
        }
        tail++;
    }

    private int form(final long n) {
        return Memory.ALL.get(INT, header(n) + FORM);
    }

    private void form(final long n, final int form) {
        Memory.ALL.set(INT, header(n) + FORM, form);
    }

    private long header(final long n) {
        return blocks[blockOf(n)] + headersOffset + placeInBlock(n) * HEADER;
    }

    private int blockOf(final long n) {
        return (int) (n - first >> blockShift) & blocks.length - 1;
    }

    private long placeInBlock(final long n) {
        return n - first & blockMask;
    }
}
