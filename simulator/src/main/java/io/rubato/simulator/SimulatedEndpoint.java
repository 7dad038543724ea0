package io.rubato.simulator;

import io.rubato.port.MessageHandler;
import io.rubato.port.Outbound;
import io.rubato.port.Transport;
import java.util.ArrayList;
import java.util.List;

/** A process's place in the {@link SimulatedNetwork}. */
final class SimulatedEndpoint implements Transport {
    private final SimulatedNetwork network;
    private final NodeId node;
    private final String address;
    private final List<SimulatedStream> streams = new ArrayList<>();
    private final ArrivalQueue arrivals = new ArrivalQueue();
    private boolean closed;

    SimulatedEndpoint(final SimulatedNetwork network, final NodeId node, final String address) {
        this.network = network;
        this.node = node;
        this.address = address;
    }

    NodeId node() {
        return node;
    }

    @Override
    public String localAddress() {
        return address;
    }

    @Override
    public Outbound connect(final String to) {
        SimulatedNetwork.checkAddress(to);
        final SimulatedStream stream = new SimulatedStream(network, this, to);
        streams.add(stream);
        return stream;
    }

    void expect(final Message message) {
        arrivals.add(message);
    }

    /** When the next message arrives or has arrived; {@link Long#MAX_VALUE} if none is under way. */
    long nextArrivalNs() {
        return arrivals.isEmpty() ? Long.MAX_VALUE : arrivals.first().arrivalNs;
    }

    @Override
    public int poll(final MessageHandler handler, final int limit) {
        int polled = 0;
        while (polled < limit && nextArrivalNs() <= network.now()) {
            final Message message = arrivals.removeFirst();
            if (!message.isCopy) {
                message.stream.arrived();
            }
            network.arrived(this, message);
            handler.onMessage(message.bytes, 0, message.length);
            network.release(message);
            polled++;
        }
        return polled;
    }

    @Override
    public int doWork() {
        return 0;
    }

    @Override
    public int maxClaimLength() {
        return network.model().maxClaimLength();
    }

    @Override
    public int maxMessageLength() {
        return network.model().maxMessageLength();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        network.closed(this);
        streams.forEach(SimulatedStream::close);
        while (!arrivals.isEmpty()) {
            network.release(arrivals.removeFirst());
        }
    }
}
