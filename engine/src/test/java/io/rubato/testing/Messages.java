package io.rubato.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Link;
import io.rubato.protocol.Traffic;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.ClockAdvanceEncoder;
import io.rubato.protocol.sbe.DeltaBatchEncoder;
import io.rubato.protocol.sbe.DeltaRunEncoder;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import io.rubato.protocol.sbe.ReadRequestEncoder;
import io.rubato.protocol.sbe.RowImagesEncoder;
import io.rubato.protocol.sbe.ShardStatusEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Messages written by hand, each in a buffer of exactly its length; shapes as in the schema. */
public final class Messages {
    private Messages() {
    }

    /**
     * A dense record of an i64 table.
     *
     * @param row    local to the shard
     * @param values of every column
     * @return its bytes
     */
    public static byte[] dense(final int row, final long... values) {
        final ByteBuffer record = record(8 + 8 * values.length).putInt(row).putInt(-1);
        for (final long value : values) {
            record.putLong(value);
        }
        return record.array();
    }

    /**
     * A sparse record of an i64 table.
     *
     * @param row     local to the shard
     * @param columns any
     * @param values  one per column
     * @return its bytes
     */
    public static byte[] sparse(final int row, final int[] columns, final long... values) {
        final ByteBuffer record = record(8 + 4 * columns.length + 8 * values.length).putInt(row).putInt(columns.length);
        for (final int column : columns) {
            record.putInt(column);
        }
        for (final long value : values) {
            record.putLong(value);
        }
        return record.array();
    }

    /**
     * A dense record of an f32 table.
     *
     * @param row    local to the shard
     * @param values of every column
     * @return its bytes
     */
    public static byte[] denseFloats(final int row, final float... values) {
        final ByteBuffer record = record(8 + 4 * values.length).putInt(row).putInt(-1);
        for (final float value : values) {
            record.putFloat(value);
        }
        return record.array();
    }

    /**
     * A dense record in bf16.
     *
     * @param row    local to the shard
     * @param values of every column; their lower halves are cut off
     * @return its bytes
     */
    public static byte[] denseBf16(final int row, final float... values) {
        final ByteBuffer record = record(8 + 2 * values.length).putInt(row).putInt(-2);
        for (final float value : values) {
            record.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        return record.array();
    }

    /**
     * A sparse record of an f32 table.
     *
     * @param row     local to the shard
     * @param columns any
     * @param values  one per column
     * @return its bytes
     */
    public static byte[] sparseFloats(final int row, final int[] columns, final float... values) {
        final ByteBuffer record = record(8 + 4 * columns.length + 4 * values.length).putInt(row).putInt(columns.length);
        for (final int column : columns) {
            record.putInt(column);
        }
        for (final float value : values) {
            record.putFloat(value);
        }
        return record.array();
    }

    private static ByteBuffer record(final int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * One after the other.
     *
     * @param records any
     * @return all bytes
     */
    public static byte[] run(final byte[]... records) {
        int length = 0;
        for (final byte[] record : records) {
            length += record.length;
        }
        final ByteBuffer run = ByteBuffer.allocate(length);
        for (final byte[] record : records) {
            run.put(record);
        }
        return run.array();
    }

    /**
     * A batch of deltas.
     *
     * @param job      id
     * @param sequence of the client to the shard
     * @param client   index
     * @param worker   index
     * @param table    id
     * @param rowCount that it claims
     * @param rows     a run of records
     * @return the message
     */
    public static UnsafeBuffer deltaBatch(final long job, final long sequence, final int client, final int worker,
            final int table, final int rowCount, final byte[] rows) {
        final UnsafeBuffer message = buffer(DeltaBatchEncoder.BLOCK_LENGTH + 4 + rows.length);
        new DeltaBatchEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder()).job(job).sequence(sequence)
                .clock(0).client(client).worker(worker).table(table).rowCount(rowCount).putRows(rows, 0, rows.length);
        return message;
    }

    /**
     * A batch of deltas in memory that a worker's log shares.
     *
     * @param job      id
     * @param sequence of the client to the shard
     * @param client   index
     * @param worker   index
     * @param table    id
     * @param rowCount that it claims
     * @param offset   of the rows there
     * @param length   of the rows
     * @return the message
     */
    public static UnsafeBuffer deltaRun(final long job, final long sequence, final int client, final int worker,
            final int table, final int rowCount, final long offset, final int length) {
        final UnsafeBuffer message = buffer(DeltaRunEncoder.BLOCK_LENGTH);
        new DeltaRunEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder()).job(job).sequence(sequence)
                .clock(0).rowsOffset(offset).client(client).worker(worker).table(table).rowCount(rowCount)
                .rowsLength(length);
        return message;
    }

    /**
     * A worker's new clock.
     *
     * @param job      id
     * @param sequence of the client to the shard
     * @param client   index
     * @param worker   index
     * @param clock    it has reached
     * @return the message
     */
    public static UnsafeBuffer clockAdvance(final long job, final long sequence, final int client, final int worker,
            final long clock) {
        final UnsafeBuffer message = buffer(ClockAdvanceEncoder.BLOCK_LENGTH);
        new ClockAdvanceEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder()).job(job).sequence(sequence)
                .clock(clock).client(client).worker(worker);
        return message;
    }

    /**
     * A wish for rows.
     *
     * @param job       id
     * @param request   id
     * @param client    index
     * @param table     id
     * @param clock     of the reader
     * @param staleness bound, or -1
     * @param rows      local to the shard
     * @return the message
     */
    public static UnsafeBuffer readRequest(final long job, final long request, final int client, final int table,
            final long clock, final int staleness, final int... rows) {
        final ByteBuffer bytes = record(4 * rows.length);
        for (final int row : rows) {
            bytes.putInt(row);
        }
        final UnsafeBuffer message = buffer(ReadRequestEncoder.BLOCK_LENGTH + 4 + 4 * rows.length);
        new ReadRequestEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder()).job(job).request(request)
                .clock(clock).client(client).worker(client).table(table).staleness(staleness)
                .putRows(bytes.array(), 0, bytes.capacity());
        return message;
    }

    /**
     * Images of rows.
     *
     * @param job          id
     * @param shard        index
     * @param table        id
     * @param minimumClock m
     * @param applied      sequence of the receiving client
     * @param version      of the table
     * @param rowCount     that it claims
     * @param rows         a run of records
     * @return the message
     */
    public static UnsafeBuffer rowImages(final long job, final int shard, final int table, final long minimumClock,
            final long applied, final long version, final int rowCount, final byte[] rows) {
        final UnsafeBuffer message = buffer(RowImagesEncoder.BLOCK_LENGTH + 4 + rows.length);
        new RowImagesEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder()).job(job)
                .minimumClock(minimumClock).grantedClock(minimumClock).appliedSequence(applied)
                .version(version).pushSequence(0).shard(shard).table(table).rowCount(rowCount)
                .putRows(rows, 0, rows.length);
        return message;
    }

    /**
     * An acknowledgement.
     *
     * @param job          id
     * @param shard        index
     * @param minimumClock m
     * @param applied      sequence of the receiving client
     * @param gap          whether one is missing
     * @return the message
     */
    public static UnsafeBuffer shardStatus(final long job, final int shard, final long minimumClock,
            final long applied, final boolean gap) {
        final UnsafeBuffer message = buffer(ShardStatusEncoder.BLOCK_LENGTH);
        new ShardStatusEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder()).job(job)
                .minimumClock(minimumClock).appliedSequence(applied).visibleSequence(0).shard(shard).slowest(0)
                .gap(gap ? BooleanCode.TRUE : BooleanCode.FALSE);
        return message;
    }

    /**
     * A message of the membership.
     *
     * @param encoder has encoded it
     * @return the message
     */
    public static UnsafeBuffer control(final ControlEncoder encoder) {
        final Capture capture = new Capture();
        encoder.sendTo(new Link(capture, new Traffic()));
        return capture.message;
    }

    /**
     * A copy.
     *
     * @param message any
     * @param length  of the copy; what is more than the message has is 0
     * @return off-heap
     */
    public static UnsafeBuffer copy(final MutableDirectBuffer message, final int length) {
        final UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        copy.putBytes(0, message, 0, Math.min(length, message.capacity()));
        return copy;
    }

    private static UnsafeBuffer buffer(final int bodyLength) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(MessageHeaderEncoder.ENCODED_LENGTH + bodyLength));
    }

    private static final class Capture implements Outbound {
        private UnsafeBuffer message;

        @Override
        public SendStatus tryClaim(final int length) {
            message = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            return SendStatus.CLAIMED;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return message;
        }

        @Override
        public int offset() {
            return 0;
        }

        @Override
        public void commit() {
        }

        @Override
        public void abort() {
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void close() {
        }
    }

    /**
     * The dense records of 2 i64 columns at a message's end.
     *
     * @param message that was received
     * @param offset  of the records
     * @param count   of them
     * @return of each record: row, column 0, column 1
     * @throws AssertionError if they are something else, or do not reach the end
     */
    public static List<long[]> rows(final UnsafeBuffer message, final int offset, final int count) {
        final List<long[]> rows = new ArrayList<>();
        int at = offset;
        for (int i = 0; i < count; i++) {
            assertEquals(-1, message.getInt(at + 4));
            rows.add(new long[] {message.getInt(at), message.getLong(at + 8), message.getLong(at + 16)});
            at += 24;
        }
        assertEquals(message.capacity(), at);
        return rows;
    }
}
