package io.rubato.simulator;

import org.agrona.concurrent.UnsafeBuffer;

/** A message under way; reused. */
final class Message {
    final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    /** Of the memory, which may be longer than the message. */
    final long address;
    final int sizeClass;
    SimulatedStream stream;
    int length;
    long arrivalNs;
    /** Settles who comes first among those that arrive at the same time. */
    long order;
    /** A copy does not count as under way in its stream. */
    boolean isCopy;

    Message(final long address, final int sizeClass) {
        this.address = address;
        this.sizeClass = sizeClass;
    }

    boolean isBefore(final Message other) {
        return arrivalNs < other.arrivalNs || arrivalNs == other.arrivalNs && order < other.order;
    }
}
