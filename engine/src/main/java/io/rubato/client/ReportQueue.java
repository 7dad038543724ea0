package io.rubato.client;

import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** The lock-free queue of a worker's clock reports on their way to the agent. */
final class ReportQueue implements ControlledMessageHandler {
    private static final int CAPACITY = 1 << 14;
    private static final int LENGTH = 56;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private Handler handler;

    /** The agent's side; returns false to get the same report again later. */
    @FunctionalInterface
    interface Handler {
        boolean onReport(long clock, long items, long samples, double loss, long testSamples, double testLoss,
                long nanos);
    }

    boolean offer(final long clock, final long items, final long samples, final double loss, final long testSamples,
            final double testLoss, final long nanos) {
        scratch.putLong(0, clock);
        scratch.putLong(8, items);
        scratch.putLong(16, samples);
        scratch.putDouble(24, loss);
        scratch.putLong(32, testSamples);
        scratch.putDouble(40, testLoss);
        scratch.putLong(48, nanos);
        return ring.write(1, scratch, 0, LENGTH);
    }

    int drain(final Handler takes, final int limit) {
        handler = takes;
        return ring.controlledRead(this, limit);
    }

    boolean isEmpty() {
        return ring.producerPosition() == ring.consumerPosition();
    }

    @Override
    public Action onMessage(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        return handler.onReport(buffer.getLong(index), buffer.getLong(index + 8), buffer.getLong(index + 16),
                buffer.getDouble(index + 24), buffer.getLong(index + 32), buffer.getDouble(index + 40),
                buffer.getLong(index + 48)) ? Action.CONTINUE : Action.ABORT;
    }
}
