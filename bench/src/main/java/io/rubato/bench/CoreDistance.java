package io.rubato.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long a line of memory takes from one core to another and back. On some machines cores share a cache by groups, and
 * virtual ones may change places while they are measured: what passes between processes then takes several times as long.
 */
final class CoreDistance {
    private static final int ROUNDS = 15;
    private static final int TRIPS = 10_000;
    /** In an array of 48: its line holds nothing else. */
    private static final int BALL = 24;

    private CoreDistance() {
    }

    /** Nanoseconds, the median of some rounds; takes a few milliseconds, and two cores. 0 if there is only one. */
    static double measure() {
        if (Runtime.getRuntime().availableProcessors() == 1) {
            return 0;
        }
        final AtomicLongArray memory = new AtomicLongArray(2 * BALL);
        Thread.ofPlatform().daemon().start(() -> giveBack(memory));
        final double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            final long start = System.nanoTime();
            serve(memory, i * TRIPS);
            rounds[i] = (double) (System.nanoTime() - start) / TRIPS;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static void serve(final AtomicLongArray memory, final long first) {
        for (long trip = first; trip < first + TRIPS; trip++) {
            memory.setRelease(BALL, 2 * trip + 1);
            await(memory, 2 * trip + 2);
        }
    }

    private static void giveBack(final AtomicLongArray memory) {
        for (long trip = 0; trip < ROUNDS * TRIPS; trip++) {
            await(memory, 2 * trip + 1);
            memory.setRelease(BALL, 2 * trip + 2);
        }
    }

    private static void await(final AtomicLongArray memory, final long value) {
        while (memory.getAcquire(BALL) != value) {
            Thread.onSpinWait();
        }
    }

    /** A sentence for people. */
    static String tell(final Samples samples) {
        if (samples.max() == 0) {
            return "There is one core only.";
        }
        return String.format(Locale.ROOT,
                "A line of memory took %.0f ns from one core to another and back (%.0f to %.0f).", samples.median(),
                samples.min(), samples.max());
    }
}
