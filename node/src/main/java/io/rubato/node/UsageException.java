package io.rubato.node;

/**
 * Wrong usage or bad input: one line that says what, where, and what was expected. The program ends with exit code 2.
 */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(final String message) {
        super(message);
    }
}
