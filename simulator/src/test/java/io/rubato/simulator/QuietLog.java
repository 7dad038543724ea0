package io.rubato.simulator;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the engine from logging what lossy networks make it drop. */
final class QuietLog {
    /** Held, or the logger and its level could be collected. */
    private static final Logger ENGINE = Logger.getLogger("io.rubato");

    private QuietLog() {
    }

    static void on() {
        ENGINE.setLevel(Level.OFF);
    }
}
