package io.rubato.bench;

import java.util.Arrays;

/**
 * The objective over the time of a training.
 *
 * @param seconds from the start of training, rising
 * @param values  at those times
 */
record ObjectiveCurve(double[] seconds, double[] values) {
    /** Averages each {@code window} clocks that follow each other, so that all points are about the same ratings. */
    static ObjectiveCurve smoothed(final double[] seconds, final double[] values, final int window) {
        final int points = values.length - window + 1;
        if (points < 1) {
            throw new IllegalArgumentException("fewer than " + window + " clocks");
        }
        final double[] means = new double[points];
        for (int i = 0; i < points; i++) {
            means[i] = Arrays.stream(values, i, i + window).average().orElseThrow();
        }
        return new ObjectiveCurve(Arrays.copyOfRange(seconds, window - 1, seconds.length), means);
    }

    /** Of squared errors: their roots. */
    ObjectiveCurve roots() {
        return new ObjectiveCurve(seconds, Arrays.stream(values).map(Math::sqrt).toArray());
    }

    double first() {
        return values[0];
    }

    double last() {
        return values[values.length - 1];
    }

    /** Of all values. */
    double least() {
        return Arrays.stream(values).min().orElseThrow();
    }

    /** Seconds per clock in the second half, when the JVMs have compiled what they run. */
    double pace() {
        final int middle = (seconds.length - 1) / 2;
        return (seconds[seconds.length - 1] - seconds[middle]) / Math.max(1, seconds.length - 1 - middle);
    }

    /** When the objective first was that low, between two points in proportion; NaN if never. */
    double reaches(final double objective) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] <= objective) {
                if (i == 0) {
                    return seconds[0];
                }
                final double part = (values[i - 1] - objective) / (values[i - 1] - values[i]);
                return seconds[i - 1] + part * (seconds[i] - seconds[i - 1]);
            }
        }
        return Double.NaN;
    }
}
