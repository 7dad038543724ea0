package io.rubato.simulator;

import java.util.Locale;
import java.util.function.Consumer;

/** Everything that happens, as a digest that tells two runs apart, and as lines to be read if somebody listens. */
final class Trace {
    private final SimulatedTime time;
    private final Consumer<String> lines;
    private long digest = 0xCBF29CE484222325L;
    private long events;

    /** Lines may be null. */
    Trace(final SimulatedTime time, final Consumer<String> lines) {
        this.time = time;
        this.lines = lines;
    }

    long digest() {
        return digest;
    }

    long events() {
        return events;
    }

    /** Whether lines are wanted: they cost more than what they tell of. */
    boolean isListening() {
        return lines != null;
    }

    void event(final long what, final long a, final long b) {
        events++;
        long z = digest ^ time.now() * 0x9E3779B97F4A7C15L;
        z = (z ^ what) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 29 ^ a) * 0x94D049BB133111EBL;
        z = (z ^ z >>> 32 ^ b) * 0xFF51AFD7ED558CCDL;
        digest = z ^ z >>> 31;
    }

    void line(final String text) {
        lines.accept(String.format(Locale.ROOT, "%14.6f ms  %s", time.now() / 1e6, text));
    }
}
