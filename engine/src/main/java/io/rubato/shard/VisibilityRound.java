package io.rubato.shard;

/**
 * Finds out which deltas to value-bounded tables all readers can see: a round begins by queueing what has changed, with
 * a mark behind it, for every reader, and ends when all of them have acknowledged their marks; what the shard had
 * applied when it began is visible then. There is one round at a time, so that a round takes in all that came during
 * the one before.
 */
final class VisibilityRound {
    private final ClientPeer[] clients;
    private boolean hasChanges;
    private boolean isOpen;

    VisibilityRound(final ClientPeer[] clients) {
        this.clients = clients;
    }

    /** A row of a value-bounded table has changed. */
    void changed() {
        hasChanges = true;
    }

    boolean isDue() {
        return hasChanges && !isOpen;
    }

    /** The changes have been queued. */
    void begin(final long minimumClock) {
        hasChanges = false;
        isOpen = true;
        for (final ClientPeer client : clients) {
            client.roundBegins(minimumClock);
        }
    }

    /** Ends the round if everyone has what it is about; true if so. */
    boolean end() {
        if (!isOpen) {
            return false;
        }
        for (final ClientPeer client : clients) {
            if (!client.hasSeenRound()) {
                return false;
            }
        }
        for (final ClientPeer client : clients) {
            client.roundEnds();
        }
        isOpen = false;
        return true;
    }
}
