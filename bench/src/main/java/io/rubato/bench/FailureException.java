package io.rubato.bench;

/** A measurement cannot go on; the message is one sentence for the user. */
final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FailureException(final String message) {
        super(message);
    }

    FailureException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
