package io.rubato.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Two pieces of work that take short turns on one thread. The median turn of each counts, so that neither whatever else
 * the machine does nor a turn in which the thread was suspended tells them apart.
 *
 * @param firstNs  median turn of the first
 * @param secondNs median turn of the second
 */
record Turns(double firstNs, double secondNs) {
    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    /** Warms up for most of the time, then measures. */
    static Turns measure(final Runnable first, final Runnable second, final long milliseconds) {
        takeTurns(first, second, milliseconds * 2 / 3);
        return takeTurns(first, second, milliseconds / 3);
    }

    private static Turns takeTurns(final Runnable first, final Runnable second, final long milliseconds) {
        final Histogram firsts = new Histogram(HIGHEST_NS, DIGITS);
        final Histogram seconds = new Histogram(HIGHEST_NS, DIGITS);
        final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        do {
            final long start = System.nanoTime();
            first.run();
            final long middle = System.nanoTime();
            second.run();
            firsts.recordValue(Math.min(HIGHEST_NS, middle - start));
            seconds.recordValue(Math.min(HIGHEST_NS, System.nanoTime() - middle));
        } while (System.nanoTime() - end < 0);
        return new Turns(firsts.getValueAtPercentile(50), seconds.getValueAtPercentile(50));
    }
}
