package io.rubato.client;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The lock-free queue on which a worker tells the agent what to send. The worker offers; the agent takes in order, and
 * leaves a command where it is while the peer does not take it.
 */
final class Commands implements ControlledMessageHandler {
    private static final int MAX_ROWS = 512;
    private static final int READ_HEADER = 16;
    private static final int FLUSH = 1;
    private static final int CLOCK = 2;
    private static final int READ = 3;
    private static final int READ_NEWER = 4;

    private final OneToOneRingBuffer ring;
    private final int maxRows;
    private final UnsafeBuffer scratch;
    private Handler handler;

    /** Bytes: a power of two, at least {@link ClientMemory#MIN_COMMAND_BYTES}. */
    Commands(final int bytes) {
        ring = new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(bytes + RingBufferDescriptor.TRAILER_LENGTH)));
        maxRows = Math.min(MAX_ROWS, (ring.maxMsgLength() - READ_HEADER) / Integer.BYTES);
        scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(32 + Integer.BYTES * maxRows));
    }

    /** Most rows of one read command. */
    int maxRows() {
        return maxRows;
    }

    /** The agent's side; each returns false to get the same command again later. */
    interface Handler {
        boolean onFlush(int table, int shard, long from, long to, long clock);

        boolean onClock(long clock);

        boolean onRead(int table, long clock, int staleness, boolean wantsNewer, DirectBuffer rows, int offset,
                int count);
    }

    /** Asks to send records from..to-1 of a delta log; false if the queue is full. */
    boolean flush(final int table, final int shard, final long from, final long to, final long clock) {
        scratch.putInt(0, table);
        scratch.putInt(4, shard);
        scratch.putLong(8, from);
        scratch.putLong(16, to);
        scratch.putLong(24, clock);
        return ring.write(FLUSH, scratch, 0, 32);
    }

    /** Asks to announce that the worker has reached a clock; false if the queue is full. */
    boolean clock(final long clock) {
        scratch.putLong(0, clock);
        return ring.write(CLOCK, scratch, 0, 8);
    }

    /** Asks for rows, either if none that serve are at hand or in any case; false if the queue is full. */
    boolean read(final int table, final long clock, final int staleness, final boolean wantsNewer, final int[] rows,
            final int count) {
        scratch.putInt(0, table);
        scratch.putInt(4, staleness);
        scratch.putLong(8, clock);
        for (int i = 0; i < count; i++) {
            scratch.putInt(READ_HEADER + Integer.BYTES * i, rows[i]);
        }
        return ring.write(wantsNewer ? READ_NEWER : READ, scratch, 0, READ_HEADER + Integer.BYTES * count);
    }

    /** Takes commands until the queue is empty or the handler refuses one. */
    int drain(final Handler takes, final int limit) {
        handler = takes;
        return ring.controlledRead(this, limit);
    }

    boolean isEmpty() {
        return ring.producerPosition() == ring.consumerPosition();
    }

    @Override
    public Action onMessage(final int type, final org.agrona.MutableDirectBuffer buffer, final int index,
            final int length) {
        final boolean taken = switch (type) {
            case FLUSH -> handler.onFlush(buffer.getInt(index), buffer.getInt(index + 4), buffer.getLong(index + 8),
                    buffer.getLong(index + 16), buffer.getLong(index + 24));
            case CLOCK -> handler.onClock(buffer.getLong(index));
            case READ, READ_NEWER -> handler.onRead(buffer.getInt(index), buffer.getLong(index + 8),
                    buffer.getInt(index + 4), type == READ_NEWER, buffer, index + READ_HEADER,
                    (length - READ_HEADER) / Integer.BYTES);
            default -> throw new IllegalStateException("command " + type);
        };
        return taken ? Action.CONTINUE : Action.ABORT;
    }
}
