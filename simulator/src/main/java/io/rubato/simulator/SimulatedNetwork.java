package io.rubato.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Endpoints that reach each other with virtual delays, losses, copies and partitions. Message memory lives until the
 * network is closed.
 */
final class SimulatedNetwork implements AutoCloseable {
    private static final String SCHEME = "sim:";

    private final NetworkModel model;
    private List<Fault.Partition> partitions = List.of();
    private final SplittableRandom random;
    private final boolean randomOrder;
    private final SimulatedTime time;
    private final Listener listener;
    private final MessagePool pool = new MessagePool();
    private final Map<String, SimulatedEndpoint> endpoints = new HashMap<>();
    private final MessageCounts counts = new MessageCounts();
    private long sent;

    /** Hears what the network does. */
    interface Listener {
        /** A message will arrive. */
        void onSent(NodeId from, NodeId to, int template, Message message);

        /** A message will not arrive. */
        void onLost(NodeId from, NodeId to, int template, Message message);

        /** A message is about to be handed over. */
        void onArrived(NodeId from, NodeId to, int template, Message message);
    }

    SimulatedNetwork(final NetworkModel model, final long seed, final boolean randomOrder, final SimulatedTime time,
            final Listener listener) {
        this.model = model;
        this.random = new SplittableRandom(seed);
        this.randomOrder = randomOrder;
        this.time = time;
        this.listener = listener;
    }

    /** An endpoint for a process; another one of the same address must have been closed. */
    SimulatedEndpoint open(final NodeId node) {
        final SimulatedEndpoint endpoint = new SimulatedEndpoint(this, node, address(node));
        if (endpoints.putIfAbsent(endpoint.localAddress(), endpoint) != null) {
            throw new IllegalStateException(endpoint.localAddress() + " is open");
        }
        return endpoint;
    }

    /** Times count as the simulation's do. */
    void partitions(final List<Fault.Partition> all) {
        partitions = List.copyOf(all);
    }

    static String address(final NodeId node) {
        return SCHEME + node.role().name().toLowerCase(java.util.Locale.ROOT) + "-" + node.index();
    }

    static void checkAddress(final String address) {
        if (!address.startsWith(SCHEME) || address.length() == SCHEME.length() || address.length() > 256) {
            throw new IllegalArgumentException("expected " + SCHEME + "NAME, got " + address);
        }
    }

    NetworkModel model() {
        return model;
    }

    MessageCounts counts() {
        return counts;
    }

    SimulatedEndpoint find(final String address) {
        return endpoints.get(address);
    }

    void closed(final SimulatedEndpoint endpoint) {
        endpoints.remove(endpoint.localAddress(), endpoint);
    }

    long now() {
        return time.now();
    }

    Message claim(final int length) {
        return pool.take(length);
    }

    void release(final Message message) {
        pool.release(message);
    }

    /** Takes a written message over; it is lost, arrives, or arrives more than once. */
    void send(final SimulatedStream stream, final Message message) {
        final int template = template(message);
        final SimulatedEndpoint to = stream.peer();
        counts.sent(template, message.length);
        final long arrival = Math.max(time.now() + model.delay().draw(random), stream.lastArrivalNs() + 1);
        if (to.isClosed() || isLost(stream.from(), to.node(), arrival)) {
            counts.lost(template);
            listener.onLost(stream.from(), to.node(), template, message);
            release(message);
            return;
        }
        message.stream = stream;
        deliver(to, message, arrival, template);
        stream.sent(arrival);
        if (model.duplication() > 0 && random.nextDouble() < model.duplication()) {
            counts.copied(template);
            final Message copy = claim(message.length);
            copy.bytes.putBytes(0, message.bytes, 0, message.length);
            copy.stream = stream;
            copy.isCopy = true;
            deliver(to, copy, arrival + 1 + model.duplicateDelay().draw(random), template);
        }
    }

    /** Of the message's header. */
    private static int template(final Message message) {
        return message.length >= 4 ? message.bytes.getShort(2) & 0xFFFF : 0;
    }

    void arrived(final SimulatedEndpoint to, final Message message) {
        listener.onArrived(message.stream.from(), to.node(), template(message), message);
    }

    private void deliver(final SimulatedEndpoint to, final Message message, final long arrival, final int template) {
        message.arrivalNs = arrival;
        message.order = randomOrder ? random.nextLong() : sent++;
        to.expect(message);
        listener.onSent(message.stream.from(), to.node(), template, message);
    }

    private boolean isLost(final NodeId from, final NodeId to, final long arrival) {
        for (final Fault.Partition partition : partitions) {
            if (partition.separates(from, to) && (partition.holdsAt(time.now()) || partition.holdsAt(arrival))) {
                return true;
            }
        }
        return model.loss() > 0 && random.nextDouble() < model.loss();
    }

    @Override
    public void close() {
        pool.close();
    }
}
