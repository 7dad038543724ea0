package io.rubato.port;

/**
 * What became of an attempt to send. None of these is an error: an agent goes on with its other duties and tries again.
 */
public enum SendStatus {
    /** Space is claimed; write, then commit or abort. */
    CLAIMED,
    /** The peer or the transport is slow; try again in a later duty cycle. */
    BACK_PRESSURED,
    /** The peer is not there yet, or no longer; try again in a later duty cycle. */
    NOT_CONNECTED,
    /** This outbound was closed; it will never send again. */
    CLOSED
}
