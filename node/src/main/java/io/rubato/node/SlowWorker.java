package io.rubato.node;

/**
 * An experiment's straggler: a worker that sleeps at the end of each clock.
 *
 * @param index  of the worker within the job
 * @param millis slept per clock, at least 1
 */
record SlowWorker(int index, long millis) {
    SlowWorker {
        if (index < 0 || millis < 1) {
            throw new IllegalArgumentException(
                    "slow worker must be INDEX:MILLIS with INDEX at least 0 and MILLIS at least 1, got "
                            + index + ":" + millis);
        }
    }

    /** The inverse of {@link #toString}. */
    static SlowWorker parse(final String text) {
        if (!text.matches("\\d{1,9}:\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "slow worker must be INDEX:MILLIS, for example 0:50, got '" + text + "'");
        }
        final int colon = text.indexOf(':');
        return new SlowWorker(Integer.parseInt(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return index + ":" + millis;
    }
}
