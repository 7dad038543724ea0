package io.rubato.simulator;

/**
 * How the virtual network treats messages. Inside a stream order is kept; between streams it is not.
 *
 * @param delay            of a message from commit to arrival
 * @param loss             probability that a message is lost, 0 to 1
 * @param duplication      probability that a copy of a message arrives too, 0 to 1
 * @param duplicateDelay   of the copy behind the message; it may arrive after the message's successors
 * @param streamMessages   most messages that are under way in one stream, at least 1; more are back-pressured
 * @param maxClaimLength   longest message that a batch aims at, bytes
 * @param maxMessageLength longest message at all, bytes; the message that starts a job names every process
 */
public record NetworkModel(Distribution delay, double loss, double duplication, Distribution duplicateDelay,
        int streamMessages, int maxClaimLength, int maxMessageLength) {
    /** Enough for a start that names some 60,000 processes. */
    static final int MAX_MESSAGE = 1 << 21;

    /**
     * Checks every bound.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public NetworkModel {
        if (!(loss >= 0 && loss <= 1 && duplication >= 0 && duplication <= 1)) {
            throw new IllegalArgumentException(
                    "probabilities must be 0 to 1, got loss " + loss + " and duplication " + duplication);
        }
        if (streamMessages < 1 || maxClaimLength < 128 || maxMessageLength < maxClaimLength
                || maxMessageLength > 1 << 26) {
            throw new IllegalArgumentException("a stream takes at least one message, a claim at least 128 bytes, and a"
                    + " message at least a claim and at most 64 MiB; got " + streamMessages + ", " + maxClaimLength
                    + ", " + maxMessageLength);
        }
    }

    /**
     * A network that loses and repeats nothing.
     *
     * @param delay of every message
     * @return the model, with limits like those of a transport between processes of one machine
     */
    public static NetworkModel reliable(final Distribution delay) {
        return new NetworkModel(delay, 0, 0, Distribution.constant(0), 256, 1408, MAX_MESSAGE);
    }

    /**
     * The same with faults.
     *
     * @param lossProbability        of a message
     * @param duplicationProbability of a message
     * @return the model; copies come some ten delays late
     */
    public NetworkModel with(final double lossProbability, final double duplicationProbability) {
        final double typical = delay.shape() == Distribution.Shape.UNIFORM ? delay.second() : delay.first();
        return new NetworkModel(delay, lossProbability, duplicationProbability,
                Distribution.uniform(0, Math.min(Distribution.MAX_NS, 10 * typical)), streamMessages, maxClaimLength,
                maxMessageLength);
    }
}
