package io.rubato.bench;

import io.rubato.port.MessageHandler;
import io.rubato.port.Outbound;
import io.rubato.port.Transport;

/**
 * An endpoint over another one that hands out prepared delta batches, and nothing else, once it has been given some.
 * What its owner sends goes the real way; where nobody takes it, it soon meets back-pressure.
 */
final class ReplayTransport implements Transport {
    private final Transport real;
    private DeltaBatches batches;

    ReplayTransport(final Transport real) {
        this.real = real;
    }

    void replay(final DeltaBatches prepared) {
        batches = prepared;
    }

    @Override
    public int poll(final MessageHandler handler, final int limit) {
        return batches == null ? real.poll(handler, limit) : batches.deliver(handler, limit);
    }

    @Override
    public String localAddress() {
        return real.localAddress();
    }

    @Override
    public Outbound connect(final String address) {
        return real.connect(address);
    }

    @Override
    public int doWork() {
        return real.doWork();
    }

    @Override
    public int maxClaimLength() {
        return real.maxClaimLength();
    }

    @Override
    public int maxMessageLength() {
        return real.maxMessageLength();
    }

    @Override
    public void close() {
        real.close();
    }
}
