package io.rubato.node;

/**
 * An experiment's straggler: a worker that sleeps at the end of each clock, or each worker in turn.
 *
 * @param index  of the worker within the job, or {@link #ROTATE}: in clock c it is worker c mod P of P
 * @param millis slept per clock, at least 1
 */
record SlowWorker(int index, long millis) {
    static final int ROTATE = -1;
    private static final String ROTATE_TEXT = "rotate";

    SlowWorker {
        if (index < ROTATE || millis < 1) {
            throw new IllegalArgumentException(
                    "slow worker must be INDEX:MILLIS or rotate:MILLIS with INDEX at least 0 and MILLIS at least 1, "
                            + "got " + index + ":" + millis);
        }
    }

    /** The inverse of {@link #toString}. */
    static SlowWorker parse(final String text) {
        if (!text.matches("(\\d{1,9}|rotate):\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "slow worker must be INDEX:MILLIS or rotate:MILLIS, for example 0:50, got '" + text + "'");
        }
        final int colon = text.indexOf(':');
        final String who = text.substring(0, colon);
        return new SlowWorker(who.equals(ROTATE_TEXT) ? ROTATE : Integer.parseInt(who),
                Long.parseLong(text.substring(colon + 1)));
    }

    /** Whether a worker is ever slow. */
    boolean slows(final int worker) {
        return index == ROTATE || index == worker;
    }

    /** What a worker sleeps in clocks {@code from} to {@code to - 1} together. */
    long millis(final int worker, final int workers, final long from, final long to) {
        long clocks = 0;
        for (long clock = from; clock < to; clock++) {
            clocks += index == worker || index == ROTATE && clock % workers == worker ? 1 : 0;
        }
        return clocks * millis;
    }

    @Override
    public String toString() {
        return (index == ROTATE ? ROTATE_TEXT : Integer.toString(index)) + ":" + millis;
    }
}
