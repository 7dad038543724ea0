package io.rubato.node;

/** A failure while running, told in one line. The program ends with exit code 1. */
final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailureException(final String message) {
        super(message);
    }

    FailureException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
