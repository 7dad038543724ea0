package io.rubato.testing;

import io.rubato.port.MessageHandler;
import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import io.rubato.port.Transport;
import io.rubato.port.UnreachableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Transports that reach each other inside one process; all of them are used by one thread. A {@link Fault} may lose or
 * repeat messages.
 */
public final class MemoryNetwork {
    private static final int MAX_CLAIM = 8 * 1024;
    private static final int MAX_MESSAGE = 256 * 1024;
    private static final int MAX_QUEUED = 64;

    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final Set<String> cut = new HashSet<>();
    private final Fault fault;

    /** What becomes of a message. */
    @FunctionalInterface
    public interface Fault {
        /**
         * Decides.
         *
         * @param from    address of the sender
         * @param to      address of the receiver
         * @param message its bytes
         * @return how often it arrives: 0, 1 or more
         */
        int copies(String from, String to, MutableDirectBuffer message);
    }

    /** A network without faults. */
    public MemoryNetwork() {
        this((from, to, message) -> 1);
    }

    /**
     * A network with faults.
     *
     * @param fault asked for every message
     */
    public MemoryNetwork(final Fault fault) {
        this.fault = fault;
    }

    /**
     * From now on nobody reaches an endpoint from another one: streams that are there stay.
     *
     * @param from NAME of the one
     * @param to   NAME of the other
     */
    public void cut(final String from, final String to) {
        cut.add("memory:" + from + " memory:" + to);
    }

    /**
     * Opens an endpoint.
     *
     * @param name address "memory:NAME"
     * @return the endpoint
     */
    public Transport open(final String name) {
        final Endpoint endpoint = new Endpoint("memory:" + name);
        endpoints.put(endpoint.address, endpoint);
        return endpoint;
    }

    private static final class Message {
        private final UnsafeBuffer bytes;

        Message(final int length) {
            bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        }
    }

    private final class Endpoint implements Transport {
        private final String address;
        private final List<Stream> outbounds = new ArrayList<>();
        private final List<Stream> inbounds = new ArrayList<>();
        private int turn;
        private boolean closed;

        Endpoint(final String address) {
            this.address = address;
        }

        @Override
        public String localAddress() {
            return address;
        }

        @Override
        public Outbound connect(final String to) {
            if (!to.startsWith("memory:") || to.equals("memory:")) {
                throw new IllegalArgumentException("expected memory:NAME, got " + to);
            }
            if (cut.contains(address + " " + to)) {
                throw new UnreachableException(to, new IOException("it is cut off"));
            }
            final Stream stream = new Stream(this, to);
            outbounds.add(stream);
            return stream;
        }

        @Override
        public int poll(final MessageHandler handler, final int limit) {
            int polled = 0;
            // Each time another sender is first, so that none can keep the others out.
            turn++;
            for (int i = 0; i < inbounds.size(); i++) {
                final Stream stream = inbounds.get(Math.floorMod(turn + i, inbounds.size()));
                while (polled < limit && !stream.queue.isEmpty()) {
                    final Message message = stream.queue.poll();
                    handler.onMessage(message.bytes, 0, message.bytes.capacity());
                    polled++;
                }
            }
            return polled;
        }

        @Override
        public int doWork() {
            return 0;
        }

        @Override
        public int maxClaimLength() {
            return MAX_CLAIM;
        }

        @Override
        public int maxMessageLength() {
            return MAX_MESSAGE;
        }

        @Override
        public void close() {
            closed = true;
            endpoints.remove(address, this);
            outbounds.forEach(Stream::close);
        }
    }

    private final class Stream implements Outbound {
        private final ArrayDeque<Message> queue = new ArrayDeque<>();
        private final Endpoint from;
        private final String to;
        private Endpoint peer;
        private Message claimed;
        private boolean closed;

        Stream(final Endpoint from, final String to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public boolean isConnected() {
            if (!closed && (peer == null || peer.closed)) {
                peer = endpoints.get(to);
                queue.clear();
                if (peer != null) {
                    peer.inbounds.add(this);
                }
            }
            return !closed && peer != null;
        }

        @Override
        public SendStatus tryClaim(final int length) {
            if (length < 1 || length > MAX_MESSAGE) {
                throw new IllegalArgumentException("length must be 1 to " + MAX_MESSAGE + ", got " + length);
            }
            if (closed) {
                return SendStatus.CLOSED;
            }
            if (!isConnected()) {
                return SendStatus.NOT_CONNECTED;
            }
            if (queue.size() >= MAX_QUEUED) {
                return SendStatus.BACK_PRESSURED;
            }
            claimed = new Message(length);
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
            final int copies = fault.copies(from.address, to, claimed.bytes);
            for (int i = 0; i < copies; i++) {
                queue.add(claimed);
            }
            claimed = null;
        }

        @Override
        public void abort() {
            claimed = null;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
