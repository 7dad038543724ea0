package io.rubato.store;

import io.rubato.ElementType;
import io.rubato.kernel.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Where things lie in a slab file, version {@value #VERSION}. All numbers are in the machine's byte order; a file from
 * a machine of the other order is refused by its magic.
 *
 * <pre>
 *      0               4               8               12              16
 *      +---------------+---------------+---------------+---------------+
 *    0 |             magic             |    version    | element type  |  immutable from here
 *      +---------------+---------------+---------------+---------------+
 *   16 |   table id    |     shard     |     rows      |    columns    |
 *      +---------------+---------------+---------------+---------------+
 *   32 |    clients    |  name length  |            stride             |
 *      +---------------+---------------+---------------+---------------+
 *   48 |        offset of row 0        |  name: 64 bytes, ASCII, then  |
 *      +---------------+---------------+                               +
 *   64 |  zeros                                                        |
 *      +                               +---------------+---------------+
 *  112 |                               |     zeros     |    CRC32C     |  of bytes 0 to 123; to here
 *      +---------------+---------------+---------------+---------------+
 *  128 | writer: its process id, 0 once | job that the writer belongs   |  on a cache line of their own
 *      | it has closed the file         | to, 0 while it takes over      |
 *      +---------------------------------------------------------------+
 *  192 | minimum clock                                                 |  on a cache line of its own
 *      +---------------------------------------------------------------+
 *  256 | applied sequence of client 0   | applying sequence of client 0  |  on a cache line of their own
 *      +---------------------------------------------------------------+
 *  320 | applied sequence of client 1   | applying, and so on            |  on a cache line of their own
 *      +---------------------------------------------------------------+
 *      | zeros up to a multiple of 4096                                |
 *      +------------------+--------------+---------------+-------------+
 *      | row 0: elements  | padding to 8 | sequence word | padding     |  at the offset of row 0
 *      +------------------+--------------+---------------+-------------+
 *      | row 1, and so on                                              |  one stride further
 *      +---------------------------------------------------------------+
 * </pre>
 *
 * <p>A new writer of rows that are there already sets job, minimum clock and the clients' sequences to 0, and the job
 * to its own when all of that is done. The applying sequence is raised before the first delta of a message is added,
 * the applied sequence after the last.
 *
 * <p>The sequence word of a row starts at 0, and is odd while the writer is inside the row. It lies behind the
 * elements, so that these start where the row does: on a cache line, as wide SIMD loads want it. A row of up to 56
 * bytes shares one line with its word, and its stride is the next power of two, so that it never straddles two. Strides
 * of wider rows are multiples of the line: 128 floats take 576 bytes, 32 take 192, one takes 16.
 */
final class SlabLayout {
    /** "RUBATOSL" in ASCII, read as a little-endian number. */
    static final long MAGIC = 0x4c53_4f54_4142_5552L;
    static final int VERSION = 2;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int TYPE_OFFSET = 12;
    static final int TABLE_OFFSET = 16;
    static final int SHARD_OFFSET = 20;
    static final int ROWS_OFFSET = 24;
    static final int COLUMNS_OFFSET = 28;
    static final int CLIENTS_OFFSET = 32;
    static final int NAME_LENGTH_OFFSET = 36;
    static final int STRIDE_OFFSET = 40;
    static final int FIRST_ROW_OFFSET = 48;
    static final int NAME_OFFSET = 56;
    static final int MAX_NAME_LENGTH = 64;
    static final int CHECKSUM_OFFSET = 124;
    static final int HEADER_LENGTH = 128;

    static final int WRITER_OFFSET = 128;
    static final int JOB_OFFSET = 136;
    static final int MINIMUM_CLOCK_OFFSET = 192;
    static final int APPLIED_OFFSET = 256;
    static final int APPLIED_STRIDE = 64;
    private static final int APPLYING = 8;

    /** Access to the words outside the immutable part, in all memory orders; they are aligned to 8 bytes. */
    static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private static final int CACHE_LINE = 64;
    private static final int PAGE = 4096;

    private SlabLayout() {
    }

    static long firstRowOffset(final int clients) {
        return align(APPLIED_OFFSET + (long) clients * APPLIED_STRIDE, PAGE);
    }

    static long appliedOffset(final int client) {
        return APPLIED_OFFSET + (long) client * APPLIED_STRIDE;
    }

    static long applyingOffset(final int client) {
        return appliedOffset(client) + APPLYING;
    }

    static int sequenceOffset(final ElementType type, final int columns) {
        return (int) align((long) columns * type.bytes(), Long.BYTES);
    }

    static long stride(final ElementType type, final int columns) {
        final int used = sequenceOffset(type, columns) + Long.BYTES;
        return used <= CACHE_LINE ? Integer.highestOneBit(used * 2 - 1) : align(used, CACHE_LINE);
    }

    /**
     * A word at an absolute address, read before what is read later. A plain read: the checks of {@link #WORD} take
     * half as many instructions as a row's copy. A long that is aligned is read whole all the same, and the fence keeps
     * it where it is.
     */
    static long lvWord(final long address) {
        final long word = Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
        VarHandle.loadLoadFence();
        return word;
    }

    /** Writes a word at an absolute address after what was written before, and before what is written later. */
    static void soWord(final long address, final long value) {
        VarHandle.storeStoreFence();
        Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
        VarHandle.storeStoreFence();
    }

    static long lvWord(final MemorySegment slab, final long offset) {
        return (long) WORD.getAcquire(slab, offset);
    }

    static void soWord(final MemorySegment slab, final long offset, final long value) {
        WORD.setRelease(slab, offset, value);
    }

    private static long align(final long value, final long alignment) {
        return (value + alignment - 1) & -alignment;
    }
}
