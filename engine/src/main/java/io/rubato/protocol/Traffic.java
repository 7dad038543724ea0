package io.rubato.protocol;

/** What a member has sent, and how often a stream took nothing; its {@linkplain Link links} count. Used by one thread. */
public final class Traffic {
    private long bytesSent;
    private long backPressured;

    /** Nothing was sent yet. */
    public Traffic() {
    }

    /**
     * A message was sent.
     *
     * @param bytes of it
     */
    public void sent(final int bytes) {
        bytesSent += bytes;
    }

    /** A stream that took the message before takes none now. */
    public void backPressed() {
        backPressured++;
    }

    /**
     * Bytes of all messages sent.
     *
     * @return count since the start
     */
    public long bytesSent() {
        return bytesSent;
    }

    /**
     * How often a stream began to take nothing, because its reader or the transport was slow; until it takes a message
     * again that is once.
     *
     * @return count since the start
     */
    public long backPressured() {
        return backPressured;
    }
}
