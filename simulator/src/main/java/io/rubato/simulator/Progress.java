package io.rubato.simulator;

/** When something last got anywhere. */
final class Progress {
    private final SimulatedTime time;
    private long lastNs;

    Progress(final SimulatedTime time) {
        this.time = time;
        this.lastNs = time.now();
    }

    void made() {
        lastNs = time.now();
    }

    /** Something happened that explains why nothing moves until a moment. */
    void excusedUntil(final long ns) {
        lastNs = Math.max(lastNs, ns);
    }

    long lastNs() {
        return lastNs;
    }
}
