package io.rubato.bench;

import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.port.MessageHandler;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.DeltaBatchEncoder;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A ring of encoded DeltaBatch messages of client 0 and worker 0, each with {@link #ROWS} dense F32 rows, that can be
 * delivered for ever: before each delivery it gets the next sequence number and other rows. Its values stay, and at 1
 * MB stay in cache, as those of a transport do; the rows that they are added to do not.
 */
final class DeltaBatches {
    /** Rows of one message: as many of 128 floats as fit the 32 KiB that go at once over IPC. */
    static final int ROWS = 62;
    private static final int MESSAGES = 32;

    private final Visits visits;
    private final UnsafeBuffer[] messages = new UnsafeBuffer[MESSAGES];
    private final int recordLength;
    private final int sequenceOffset;
    private final int rowsOffset;
    private final int length;
    private int slot;
    private long sequence;
    private int ready;

    /** For one table of the job; the messages lie in the arena. */
    DeltaBatches(final Arena arena, final Table table, final Visits visits) {
        this.visits = visits;
        final TableSpec spec = table.spec();
        recordLength = RowRecords.denseLength(spec);
        sequenceOffset = Inbox.HEADER_LENGTH + DeltaBatchEncoder.sequenceEncodingOffset();
        rowsOffset = Inbox.HEADER_LENGTH + DeltaBatchEncoder.BLOCK_LENGTH + DeltaBatchEncoder.rowsHeaderLength();
        length = rowsOffset + ROWS * recordLength;
        final MemorySegment values = Rows.allocate(arena, 1, spec.columns()).fill(1).memory();
        for (int i = 0; i < MESSAGES; i++) {
            messages[i] = new UnsafeBuffer(arena.allocate(length, 64).address(), length);
            encode(messages[i], table, values);
        }
    }

    private void encode(final UnsafeBuffer message, final Table table, final MemorySegment values) {
        new DeltaBatchEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder()).job(LocalJob.ID)
                .clock(0).client(0).worker(0).table(table.id()).rowCount(ROWS);
        message.putInt(rowsOffset - DeltaBatchEncoder.rowsHeaderLength(), ROWS * recordLength,
                ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ROWS; i++) {
            MemorySegment.copy(values, 0, Memory.ALL, valueAddress(message, i), values.byteSize());
        }
    }

    private long valueAddress(final UnsafeBuffer message, final int record) {
        return recordAddress(message, record) + RowRecords.HEADER_LENGTH;
    }

    private long recordAddress(final UnsafeBuffer message, final int record) {
        return Memory.address(message, rowsOffset + record * recordLength);
    }

    /** Lets {@link #deliver} deliver so many more. */
    void ready(final int count) {
        ready += count;
    }

    /** How many are left to be delivered. */
    int ready() {
        return ready;
    }

    /** The newest sequence number delivered. */
    long sequence() {
        return sequence;
    }

    int deliver(final MessageHandler handler, final int limit) {
        final int count = Math.min(limit, ready);
        for (int i = 0; i < count; i++) {
            final UnsafeBuffer message = next();
            message.putLong(sequenceOffset, ++sequence, ByteOrder.LITTLE_ENDIAN);
            final int from = visits.take(ROWS);
            for (int record = 0; record < ROWS; record++) {
                RowRecords.header(recordAddress(message, record), visits.order()[from + record], RowRecords.DENSE);
            }
            handler.onMessage(message, 0, length);
        }
        ready -= count;
        return count;
    }

    /**
     * Adds the same values to the same rows as {@code count} deliveries would, with the bare kernel and nothing else.
     */
    void addBare(final SlabRows slab, final int count) {
        for (int i = 0; i < count; i++) {
            final UnsafeBuffer message = next();
            final int from = visits.take(ROWS);
            for (int record = 0; record < ROWS; record++) {
                slab.add(visits.order()[from + record], valueAddress(message, record));
            }
        }
    }

    private UnsafeBuffer next() {
        slot = slot + 1 == MESSAGES ? 0 : slot + 1;
        return messages[slot];
    }
}
