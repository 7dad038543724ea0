package io.rubato.port;

/**
 * An endpoint of a process: it receives what all its peers send, and opens an {@link Outbound} to each of them. Used by
 * one thread, the agent's.
 */
public interface Transport extends AutoCloseable {
    /**
     * What a peer passes to {@link #connect} to reach this endpoint.
     *
     * @return at most 256 ASCII characters
     */
    String localAddress();

    /**
     * Opens a stream to a peer. Does not wait for it: see {@link Outbound#isConnected}.
     *
     * @param address a peer's {@link #localAddress}
     * @return the stream
     * @throws IllegalArgumentException if the address is malformed
     * @throws UnreachableException     if the stream cannot be opened
     */
    Outbound connect(String address);

    /**
     * Hands waiting messages to the handler. Peers take turns: none that always has more than the limit keeps the
     * others out.
     *
     * @param handler called once per message
     * @param limit   most messages to hand over
     * @return how many were handed over
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Does the transport's own housekeeping; called once per duty cycle.
     *
     * @return amount of work done, 0 for none
     * @throws org.agrona.concurrent.AgentTerminationException if the transport is gone for good, naming what is gone;
     *     it then ends the agent
     */
    int doWork();

    /**
     * Longest message that is written straight into the transport's buffer; batches aim at this.
     *
     * @return bytes
     */
    int maxClaimLength();

    /**
     * Longest message that can be sent at all; longer than {@link #maxClaimLength} ones are copied and fragmented.
     *
     * @return bytes
     */
    int maxMessageLength();

    /** Closes the endpoint and all its streams. Never throws. */
    @Override
    void close();
}
