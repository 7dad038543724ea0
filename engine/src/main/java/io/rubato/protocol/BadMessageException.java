package io.rubato.protocol;

/** The content of a message cannot be right. {@link Inbox} counts and drops the message. */
public final class BadMessageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * With the finding.
     *
     * @param finding what was found and what was expected
     */
    public BadMessageException(final String finding) {
        super(finding);
    }
}
