package io.rubato.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long a line of memory takes from one core to another and back. On some machines cores share a cache by groups,
 * and virtual ones may change places while they are measured: what passes between processes then takes several times
 * as long. The system chooses the cores; of more than two they need not be those of the processes that are measured.
 */
final class CoreDistance {
    private static final int WARM_UP = 5;
    private static final int ROUNDS = 15;
    private static final int TRIPS = 10_000;
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
    /** In an array of 48: its line holds nothing else. */
    private static final int BALL = 24;

    private final AtomicLongArray memory = new AtomicLongArray(2 * BALL);
    private final long deadline;

    private CoreDistance(final long limitNs) {
        deadline = System.nanoTime() + limitNs;
    }

    /**
     * Takes some hundredths of a second, and two cores.
     *
     * @return nanoseconds, the median of some rounds; 0 if threads found no two cores for themselves within a second
     */
    static double measure() {
        return measure(ROUNDS, TRIPS, LIMIT_NS);
    }

    static double measure(final int rounds, final int trips, final long limitNs) {
        return new CoreDistance(limitNs).median(rounds, trips);
    }

    private double median(final int rounds, final int trips) {
        final int all = WARM_UP + rounds;
        Thread.ofPlatform().daemon().start(() -> giveBack((long) all * trips));
        final double[] nanos = new double[all];
        for (int round = 0; round < all; round++) {
            final long start = System.nanoTime();
            if (!serve((long) round * trips, trips)) {
                return 0;
            }
            nanos[round] = (double) (System.nanoTime() - start) / trips;
        }
        Arrays.sort(nanos, WARM_UP, all);
        return nanos[WARM_UP + rounds / 2];
    }

    private boolean serve(final long first, final int trips) {
        for (long trip = first; trip < first + trips; trip++) {
            memory.setRelease(BALL, 2 * trip + 1);
            if (!await(2 * trip + 2)) {
                return false;
            }
        }
        return true;
    }

    private void giveBack(final long trips) {
        for (long trip = 0; trip < trips && await(2 * trip + 1); trip++) {
            memory.setRelease(BALL, 2 * trip + 2);
        }
    }

    /** False if it takes too long. */
    private boolean await(final long value) {
        for (int spins = 1; memory.getAcquire(BALL) != value; spins++) {
            if (spins % 1024 == 0) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                Thread.yield();
            }
        }
        return true;
    }

    /** A sentence for people. */
    static String tell(final Samples samples) {
        return samples.max() == 0 ? "How far the cores are from each other could not be measured."
                : String.format(Locale.ROOT,
                        "A line of memory took %.0f ns from one core to another and back (%.0f to %.0f).",
                        samples.median(), samples.min(), samples.max());
    }
}
