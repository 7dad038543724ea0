package io.rubato.node;

/** A failure while running, told in one line. The program ends with exit code 1. */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message one sentence for the user
     */
    public FailureException(final String message) {
        super(message);
    }

    /**
     * With a cause.
     *
     * @param message one sentence for the user
     * @param cause   for whoever looks closer
     */
    public FailureException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
