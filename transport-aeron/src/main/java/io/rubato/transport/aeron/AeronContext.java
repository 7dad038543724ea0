package io.rubato.transport.aeron;

import static io.aeron.logbuffer.FrameDescriptor.FRAME_ALIGNMENT;
import static io.aeron.logbuffer.LogBufferDescriptor.TERM_MAX_LENGTH;
import static io.aeron.logbuffer.LogBufferDescriptor.TERM_MIN_LENGTH;
import static io.aeron.protocol.DataHeaderFlyweight.HEADER_LENGTH;

import io.aeron.ChannelUriStringBuilder;
import io.aeron.driver.Configuration;
import io.rubato.transport.aeron.Address.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BitUtil;

/**
 * How an {@link AeronTransport} is set up. The directory and one of {@link #ipc} and {@link #udp} are required; the
 * rest has defaults. Checked once, by {@link AeronTransport#open}, and used for one transport.
 */
public final class AeronContext {
    /**
     * Half of it may be under way before the media driver, which needs a processor for that, allows more. Three terms
     * are mapped for each stream, but a stream takes only the memory that it has written.
     */
    static final int DEFAULT_IPC_TERM_LENGTH = 4 << 20;
    /** A network's window is smaller anyway. */
    static final int DEFAULT_UDP_TERM_LENGTH = 1 << 20;
    /** Large batches, and still many of them under way. */
    static final int DEFAULT_IPC_MTU = 32 * 1024;
    /**
     * The loopback interface carries frames of 64 KiB, and moves the more bytes the longer they are; a longer one
     * delays whatever else the driver sends by as much.
     */
    static final int DEFAULT_LOOPBACK_MTU = 16 * 1024;
    /** Fits an Ethernet frame. */
    static final int DEFAULT_NETWORK_MTU = 1408;
    /** As long as {@link DriverContext} gives clients, for the same reason. */
    static final long DEFAULT_DRIVER_TIMEOUT_MS = 5_000;

    private static final int UDP_STREAM = 7101;
    private static final int MAX_MTU = Configuration.MAX_UDP_PAYLOAD_LENGTH / FRAME_ALIGNMENT * FRAME_ALIGNMENT;

    private Path directory;
    private Kind kind;
    private int endpoint;
    private String host;
    private int port;
    private int mtu;
    private int termLength;
    private long driverTimeoutMs = DEFAULT_DRIVER_TIMEOUT_MS;
    private String localInterface;

    /** Nothing is set yet but the defaults. */
    public AeronContext() {
    }

    /**
     * The media driver's directory.
     *
     * @param directory as given to {@link DriverContext#directory(Path)}
     * @return this
     */
    public AeronContext directory(final Path directory) {
        this.directory = directory;
        return this;
    }

    /**
     * Receive over shared memory, from processes that use the same media driver.
     *
     * @param endpoint 1 to 2^31-1, different for each endpoint of a driver: two that share a number both receive
     *                 everything
     * @return this
     */
    public AeronContext ipc(final int endpoint) {
        this.kind = Kind.IPC;
        this.endpoint = endpoint;
        return this;
    }

    /**
     * Receive over UDP.
     *
     * @param host name or address of one local interface, as peers reach it
     * @param port 0 to 65535, 0 for any free one
     * @return this
     */
    public AeronContext udp(final String host, final int port) {
        this.kind = Kind.UDP;
        this.host = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        this.port = port;
        return this;
    }

    /**
     * Longest frame that is sent. A message that fits with its header of 32 bytes is written straight into the
     * transport's buffer. The same on all processes of a job.
     *
     * @param bytes a multiple of 32, 64 to 65504 and at most an eighth of the term; by default 32768 for IPC, 16384 for
     *              UDP on loopback, else 1408
     * @return this
     */
    public AeronContext mtu(final int bytes) {
        this.mtu = bytes;
        return this;
    }

    /**
     * A third of each outgoing stream's buffer. Half a term may be under way at once, and an eighth is the longest
     * message (16 MiB at most).
     *
     * @param bytes a power of two, 64 KiB to 1 GiB; by default 4 MiB over IPC and 1 MiB over UDP
     * @return this
     */
    public AeronContext termLength(final int bytes) {
        this.termLength = bytes;
        return this;
    }

    /**
     * How long the media driver may be silent before it counts as dead; also the longest wait for it when a transport
     * or a stream is opened.
     *
     * @param ms 1000 to 60000; by default 5000
     * @return this
     */
    public AeronContext driverTimeoutMs(final long ms) {
        this.driverTimeoutMs = ms;
        return this;
    }

    /**
     * Checks everything and fills in what depends on the rest.
     *
     * @return this
     * @throws IllegalArgumentException with a sentence per mistake
     */
    AeronContext conclude() {
        final List<String> mistakes = new ArrayList<>();
        if (termLength == 0) {
            termLength = kind == Kind.IPC ? DEFAULT_IPC_TERM_LENGTH : DEFAULT_UDP_TERM_LENGTH;
        }
        if (directory == null) {
            mistakes.add("The media driver's directory is missing.");
        }
        if (kind == null) {
            mistakes.add("One of ipc and udp must be chosen.");
        } else if (kind == Kind.IPC && endpoint < 1) {
            mistakes.add("The IPC endpoint must be at least 1, not " + endpoint + ".");
        } else if (kind == Kind.UDP) {
            concludeUdp(mistakes);
        }
        if (mtu == 0) {
            mtu = kind == Kind.IPC ? Math.min(DEFAULT_IPC_MTU, termLength / 8) : mtu;
        }
        if (!BitUtil.isPowerOfTwo(termLength) || termLength < TERM_MIN_LENGTH || termLength > TERM_MAX_LENGTH) {
            mistakes.add("The term length must be a power of two from " + TERM_MIN_LENGTH + " to " + TERM_MAX_LENGTH
                    + " bytes, not " + termLength + ".");
        } else if (kind != null && (mtu % FRAME_ALIGNMENT != 0 || mtu <= HEADER_LENGTH
                || mtu > Math.min(MAX_MTU, termLength / 8))) {
            mistakes.add("The MTU must be a multiple of 32 from 64 to " + Math.min(MAX_MTU, termLength / 8)
                    + " bytes (at most an eighth of the term), not " + mtu + ".");
        }
        if (driverTimeoutMs < 1_000 || driverTimeoutMs > 60_000) {
            mistakes.add("The driver timeout must be 1000 to 60000 ms, not " + driverTimeoutMs + ".");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join(" ", mistakes));
        }
        return this;
    }

    private void concludeUdp(final List<String> mistakes) {
        if (port < 0 || port > 65_535) {
            mistakes.add("The UDP port must be 0 to 65535, not " + port + ".");
        }
        if (!Address.isHost(host)) {
            mistakes.add("'" + host + "' is not a host name or address.");
            return;
        }
        try {
            final InetAddress address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
                mistakes.add("The UDP host must be one that peers can send to, not " + host + ".");
            }
            final String literal = address.getHostAddress();
            localInterface = literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal;
            if (mtu == 0) {
                final int fitting = address.isLoopbackAddress() ? DEFAULT_LOOPBACK_MTU : DEFAULT_NETWORK_MTU;
                mtu = Math.min(fitting, termLength / 8);
            }
        } catch (final UnknownHostException e) {
            mistakes.add("The UDP host '" + host + "' is unknown.");
        }
    }

    Path directory() {
        return directory;
    }

    Kind kind() {
        return kind;
    }

    long driverTimeoutMs() {
        return driverTimeoutMs;
    }

    int termLength() {
        return termLength;
    }

    int maxClaimLength() {
        return mtu - HEADER_LENGTH;
    }

    /** Where this endpoint receives; the port may still be 0. */
    Address local() {
        return kind == Kind.IPC ? new Address(Kind.IPC, "", endpoint) : new Address(Kind.UDP, host, port);
    }

    static int streamId(final Address address) {
        return address.kind() == Kind.IPC ? address.number() : UDP_STREAM;
    }

    String subscriptionChannel() {
        final ChannelUriStringBuilder uri = new ChannelUriStringBuilder();
        return kind == Kind.IPC ? uri.media("ipc").build() : uri.media("udp").endpoint(host + ":" + port).build();
    }

    String publicationChannel(final Address peer) {
        final ChannelUriStringBuilder uri = new ChannelUriStringBuilder().mtu(mtu).termLength(termLength).sparse(true);
        if (kind == Kind.IPC) {
            return uri.media("ipc").build();
        }
        // Without an interface the sending socket would be bound to all of them.
        return uri.media("udp").endpoint(peer.host() + ":" + peer.number()).networkInterface(localInterface).build();
    }
}
