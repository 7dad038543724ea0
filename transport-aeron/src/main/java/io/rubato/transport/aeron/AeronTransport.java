package io.rubato.transport.aeron;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.DriverTimeoutException;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.rubato.port.MessageHandler;
import io.rubato.port.Outbound;
import io.rubato.port.Transport;
import io.rubato.port.UnreachableException;
import io.rubato.transport.aeron.Address.Kind;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;

/**
 * The transport port on Aeron: the endpoint is a subscription, each peer an exclusive publication of its own.
 *
 * <p>Between {@link #open} and {@link #close}, {@link #doWork} and {@link #poll} must be called in turns, a hundred
 * times a second or more: a process that does not for longer than the media driver's liveness timeout ({@link
 * DriverContext#livenessTimeoutMs(long)}) is taken for dead. Before any peer can know the address, {@link #doWork}
 * alone will do. The thread may change as long as it is one at a time. A claim must not stay open across {@link
 * #doWork}.
 *
 * <p>A peer that closes is noticed within a second or, over UDP, within the liveness timeout; one that dies, within the
 * liveness timeout plus a second. Its streams then answer NOT_CONNECTED, and CLAIMED again when a successor receives at
 * the same address. Over UDP the successor may get messages that were committed for its predecessor.
 *
 * <p>An exception from a message handler comes out of {@link #poll}; the message counts as handed over.
 */
public final class AeronTransport implements Transport {
    /**
     * Duty cycles from one run of Aeron's conductor to the next: it keeps this process alive and hears of new streams
     * and errors, all of which may wait, while the message that is waited for, or answered, may not.
     */
    private static final int CONDUCTOR_CYCLES = 16;

    private final AeronContext context;
    private final int maxMessageLength;
    private final Aeron aeron;
    private final Subscription subscription;
    private final FragmentAssembler assembler = new FragmentAssembler(this::onMessage, 0, true);
    private final String localAddress;
    private MessageHandler handler;
    private int handedOver;
    private Throwable failure;
    private boolean closed;
    private int cycles;

    private AeronTransport(final AeronContext context, final int maxMessageLength) {
        this.context = context;
        this.maxMessageLength = maxMessageLength;
        try {
            aeron = Aeron.connect(new Aeron.Context()
                    .aeronDirectoryName(DriverDirectory.aeron(context.directory()).toString())
                    .driverTimeoutMs(context.driverTimeoutMs())
                    .useConductorAgentInvoker(true)
                    .clientName("rubato " + context.kind())
                    .errorHandler(this::onError)
                    .subscriberErrorHandler(LangUtil::rethrowUnchecked));
        } catch (final DriverTimeoutException e) {
            throw DriverLostException.absent(context.directory(), context.driverTimeoutMs(), e);
        }
        try {
            final Address local = context.local();
            subscription = aeron.addSubscription(context.subscriptionChannel(), AeronContext.streamId(local), null,
                    image -> assembler.freeSessionBuffer(image.sessionId()));
            localAddress = local.kind() == Kind.IPC ? local.toString() : boundAddress(local);
        } catch (final RegistrationException e) {
            CloseHelper.quietClose(aeron);
            throw new IllegalStateException("cannot receive at " + context.local() + ": " + e.getMessage(), e);
        } catch (final AeronException e) {
            CloseHelper.quietClose(aeron);
            throw DriverLostException.lost(context.directory(), e);
        }
    }

    /**
     * Connects to the media driver, waiting for it for at most {@link AeronContext#driverTimeoutMs(long)}, and starts
     * to receive.
     *
     * @param context not changed or used again afterwards
     * @return the endpoint
     * @throws IllegalArgumentException if the context has mistakes, with a sentence for each
     * @throws DriverLostException      if no media driver answers
     * @throws IllegalStateException    if the address cannot be received at, for example because the port is taken
     */
    public static AeronTransport open(final AeronContext context) {
        context.conclude();
        return new AeronTransport(context, FrameDescriptor.computeMaxMessageLength(context.termLength()));
    }

    private String boundAddress(final Address local) {
        final long deadline = System.nanoTime() + context.driverTimeoutMs() * 1_000_000;
        String endpoint = subscription.resolvedEndpoint();
        while (endpoint == null) {
            if (System.nanoTime() - deadline > 0) {
                throw new DriverTimeoutException("no port was bound");
            }
            Thread.onSpinWait();
            aeron.conductorAgentInvoker().invoke();
            endpoint = subscription.resolvedEndpoint();
        }
        final int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        return new Address(Kind.UDP, local.host(), port).toString();
    }

    @Override
    public String localAddress() {
        return localAddress;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Waits for the media driver, usually a millisecond. The stream's buffer takes three terms of memory in the
     * driver's directory until it is closed.
     *
     * @throws DriverLostException if the media driver does not answer
     */
    @Override
    public Outbound connect(final String address) {
        final Address peer = Address.parse(address);
        if (peer.kind() != context.kind()) {
            throw new IllegalArgumentException("'" + address + "' cannot be reached from " + localAddress);
        }
        try {
            return new AeronOutbound(
                    aeron.addExclusivePublication(context.publicationChannel(peer), AeronContext.streamId(peer)));
        } catch (final RegistrationException e) {
            throw new UnreachableException(address, e);
        } catch (final AeronException e) {
            onError(e);
            throw DriverLostException.lost(context.directory(), failure);
        }
    }

    @Override
    public int poll(final MessageHandler handler, final int limit) {
        this.handler = handler;
        int total = 0;
        int fragments;
        do {
            handedOver = 0;
            fragments = subscription.poll(assembler, limit - total);
            total += handedOver;
        } while (handedOver < fragments && total < limit);
        return total;
    }

    private void onMessage(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        handedOver++;
        handler.onMessage(buffer, offset, length);
    }

    /**
     * {@inheritDoc}
     *
     * @throws DriverLostException   when the media driver died or has closed this process's streams; again on each
     * further call
     * @throws IllegalStateException on any other error that the media driver reports, once
     */
    @Override
    public int doWork() {
        if (closed) {
            return 0;
        }
        final int work = ++cycles % CONDUCTOR_CYCLES == 0 ? aeron.conductorAgentInvoker().invoke() : 0;
        if (failure != null) {
            throwFailure();
        }
        return work;
    }

    private void throwFailure() {
        final Throwable cause = failure;
        if (subscription.isClosed() || cause instanceof DriverTimeoutException) {
            throw DriverLostException.lost(context.directory(), cause);
        }
        failure = null;
        throw new IllegalStateException(
                "the media driver in " + context.directory() + " reports: " + cause.getMessage(), cause);
    }

    private void onError(final Throwable error) {
        if (failure == null) {
            failure = error;
        }
    }

    @Override
    public int maxClaimLength() {
        return context.maxClaimLength();
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    @Override
    public void close() {
        closed = true;
        CloseHelper.quietClose(aeron);
    }
}
