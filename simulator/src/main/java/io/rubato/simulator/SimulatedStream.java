package io.rubato.simulator;

import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import org.agrona.MutableDirectBuffer;

/** A one-way stream between two endpoints; finds a successor when its peer has closed. */
final class SimulatedStream implements Outbound {
    private final SimulatedNetwork network;
    private final SimulatedEndpoint owner;
    private final String to;
    private SimulatedEndpoint peer;
    private Message claimed;
    private int underWay;
    private long lastArrivalNs = Long.MIN_VALUE;
    private boolean closed;

    SimulatedStream(final SimulatedNetwork network, final SimulatedEndpoint owner, final String to) {
        this.network = network;
        this.owner = owner;
        this.to = to;
    }

    NodeId from() {
        return owner.node();
    }

    SimulatedEndpoint peer() {
        return peer;
    }

    long lastArrivalNs() {
        return lastArrivalNs;
    }

    /** A message is on its way. */
    void sent(final long arrivalNs) {
        lastArrivalNs = arrivalNs;
        underWay++;
    }

    /** A message has been polled. */
    void arrived() {
        underWay--;
    }

    @Override
    public boolean isConnected() {
        if (!closed && (peer == null || peer.isClosed())) {
            peer = network.find(to);
            underWay = 0;
        }
        return !closed && peer != null;
    }

    @Override
    public SendStatus tryClaim(final int length) {
        if (length < 1 || length > network.model().maxMessageLength()) {
            throw new IllegalArgumentException(
                    "length must be 1 to " + network.model().maxMessageLength() + ", got " + length);
        }
        if (claimed != null) {
            throw new IllegalStateException("a claim is open");
        }
        if (closed) {
            return SendStatus.CLOSED;
        }
        if (!isConnected()) {
            return SendStatus.NOT_CONNECTED;
        }
        if (underWay >= network.model().streamMessages()) {
            return SendStatus.BACK_PRESSURED;
        }
        claimed = network.claim(length);
        return SendStatus.CLAIMED;
    }

    @Override
    public MutableDirectBuffer buffer() {
        return claimed.bytes;
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public void commit() {
        final Message message = claimed;
        claimed = null;
        network.send(this, message);
    }

    @Override
    public void abort() {
        network.release(claimed);
        claimed = null;
    }

    @Override
    public void close() {
        closed = true;
        if (claimed != null) {
            abort();
        }
    }
}
