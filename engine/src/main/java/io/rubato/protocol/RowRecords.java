package io.rubato.protocol;

import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import java.lang.foreign.ValueLayout;
import org.agrona.DirectBuffer;

/**
 * The run of row records inside a message; layout:
 *
 * <pre>
 *  0         4         8
 *  | row     | count   | count = -1: values of every column
 *  |         |         | count = -2: values of every column in bf16, 2 bytes each; only of tables that travel so
 *  |         |         | otherwise : count columns (int32), count values
 * </pre>
 *
 * <p>{@link #check} walks a run once before anything is applied, so that a message is applied whole or not at all.
 */
public final class RowRecords {
    /** Bytes before a record's columns or values. */
    public static final int HEADER_LENGTH = 8;
    /** The count of a dense record of the table's own type. */
    public static final int DENSE = -1;
    /** The count of a dense record in bf16. */
    public static final int DENSE_BF16 = -2;
    private static final int COUNT = 4;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private RowRecords() {
    }

    /**
     * The count of the dense records that a table's encoding asks for. Every row image is one.
     *
     * @param spec of the table
     * @return {@link #DENSE} or {@link #DENSE_BF16}
     */
    public static int denseCount(final TableSpec spec) {
        return spec.encoding() == Encoding.BF16 ? DENSE_BF16 : DENSE;
    }

    /**
     * Length of a dense record as the table's encoding asks for.
     *
     * @param spec of the table
     * @return bytes
     */
    public static int denseLength(final TableSpec spec) {
        return spec.encoding() == Encoding.BF16 ? HEADER_LENGTH + Short.BYTES * spec.columns() : exactLength(spec);
    }

    /**
     * Length of a dense record of the table's own type.
     *
     * @param spec of the table
     * @return bytes, at least {@link #denseLength}
     */
    public static int exactLength(final TableSpec spec) {
        return HEADER_LENGTH + spec.rowBytes();
    }

    /**
     * Length of a sparse record.
     *
     * @param spec  of the table
     * @param count of columns
     * @return bytes
     */
    public static int sparseLength(final TableSpec spec, final int count) {
        return (int) length(spec, count);
    }

    /**
     * The row of a record.
     *
     * @param address of the record
     * @return row, local to the shard
     */
    public static int row(final long address) {
        return Memory.ALL.get(INT, address);
    }

    /**
     * The count of a record.
     *
     * @param address of the record
     * @return {@link #DENSE}, {@link #DENSE_BF16}, or the number of columns
     */
    public static int count(final long address) {
        return Memory.ALL.get(INT, address + COUNT);
    }

    /**
     * Writes a record's header.
     *
     * @param address of the record
     * @param row     local to the shard
     * @param count   {@link #DENSE}, {@link #DENSE_BF16}, or the number of columns
     */
    public static void header(final long address, final int row, final int count) {
        Memory.ALL.set(INT, address, row);
        Memory.ALL.set(INT, address + COUNT, count);
    }

    /**
     * Whether a record of a table may have a count.
     *
     * @param spec  of the table
     * @param count as {@link #count} tells
     * @return false if it is none of those
     */
    public static boolean isCount(final TableSpec spec, final int count) {
        return count >= denseCount(spec) && count <= spec.columns();
    }

    /**
     * Length of a record.
     *
     * @param spec  of the table
     * @param count of the record, as {@link #count} tells
     * @return bytes; of any count, as memory that others write may hold any
     */
    public static long length(final TableSpec spec, final int count) {
        return count == DENSE ? exactLength(spec) : count < 0 ? denseLength(spec)
                : HEADER_LENGTH + (long) count * (Integer.BYTES + spec.type().bytes());
    }

    /**
     * Checks a run of records: lengths, rows, counts, columns.
     *
     * @param spec     of the table
     * @param rows     how many of its rows live on the shard
     * @param expected number of records
     * @param buffer   off-heap
     * @param offset   of the run
     * @param length   of the run
     * @throws BadMessageException if anything is out of range or does not add up
     */
    public static void check(final TableSpec spec, final int rows, final int expected, final DirectBuffer buffer,
            final int offset, final int length) {
        buffer.boundsCheck(offset, length);
        check(spec, rows, expected, Memory.address(buffer, offset), length);
    }

    /**
     * The same of a run in memory.
     *
     * @param spec     of the table
     * @param rows     how many of its rows live on the shard
     * @param expected number of records
     * @param start    absolute address of the run
     * @param length   of the run, at least 0: so much may be read
     * @throws BadMessageException if anything is out of range or does not add up
     */
    public static void check(final TableSpec spec, final int rows, final int expected, final long start,
            final int length) {
        if (expected < 0) {
            throw new BadMessageException("a run of " + expected + " records");
        }
        final long end = start + length;
        long at = start;
        int i = 0;
        while (i < expected) {
            if (end - at < HEADER_LENGTH) {
                throw cutOff(i, expected);
            }
            final int count = count(at);
            if (!isCount(spec, count)) {
                throw wrong(spec, rows, at, i, expected);
            }
            final long taken = length(spec, count);
            if (taken > end - at) {
                throw cutOff(i, expected);
            }
            final int run =
                    count < 0 ? denseRun(at, count, taken, (int) Math.min(expected - i, (end - at) / taken)) : 1;
            for (int n = 0; n < run; n++) {
                final int row = row(at + n * taken);
                if (row < 0 || row >= rows) {
                    throw wrong(spec, rows, at + n * taken, i + n, expected);
                }
            }
            for (int c = 0; c < count; c++) {
                final int column = Memory.ALL.get(INT, at + HEADER_LENGTH + (long) Integer.BYTES * c);
                if (column < 0 || column >= spec.columns()) {
                    throw new BadMessageException("record " + i + " has column " + column + " of " + spec.columns());
                }
            }
            at += run * taken;
            i += run;
        }
        if (at != end) {
            throw new BadMessageException(end - at + " bytes follow the last of " + expected + " records");
        }
    }

    private static BadMessageException cutOff(final int record, final int expected) {
        return new BadMessageException("record " + record + " of " + expected + " is cut off");
    }

    private static BadMessageException wrong(final TableSpec spec, final int rows, final long address,
            final int record, final int expected) {
        return new BadMessageException(
                "record " + record + " of " + expected + " has row " + row(address) + " of " + rows
                        + " and count " + count(address) + " of " + spec.columns());
    }

    /**
     * How many records from one on are dense in the same way. Where each of them lies is computed, not read from the
     * one before it: a processor overlaps its waits for their headers, which another core may have written.
     *
     * @param start  absolute address of the first
     * @param count  that was read from it, negative: a second look might find another one, in memory that others write
     * @param length of such a record, bytes
     * @param most   records that may be looked at, if all are as long as the first; at least 1
     * @return from 1 to {@code most}
     */
    public static int denseRun(final long start, final int count, final long length, final int most) {
        int n = 1;
        while (n < most && count(start + n * length) == count) {
            n++;
        }
        return n;
    }

    /**
     * Checks that every record of a run that has passed {@link #check} is dense, as the table's encoding asks for.
     *
     * @param spec   of the table
     * @param count  number of records
     * @param buffer off-heap
     * @param offset of the run
     * @throws BadMessageException if one is not
     */
    public static void checkDense(final TableSpec spec, final int count, final DirectBuffer buffer, final int offset) {
        long at = Memory.address(buffer, offset);
        for (int i = 0; i < count; i++) {
            if (count(at) != denseCount(spec)) {
                throw new BadMessageException("record " + i + " of " + count + " row images has count " + count(at));
            }
            at += denseLength(spec);
        }
    }
}
