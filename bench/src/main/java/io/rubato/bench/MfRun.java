package io.rubato.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One training.
 *
 * @param ratingsPerSecond  of training, all workers
 * @param testRmse          on the held-out ratings
 * @param seconds           in all
 * @param trainSeconds      from the first rating to the last
 * @param firstClockSeconds from the command to the end of the first clock; NaN if that is not known
 * @param curve             mean squared error of the ratings of each clock, as they were when they were visited
 */
record MfRun(double ratingsPerSecond, double testRmse, double seconds, double trainSeconds, double firstClockSeconds,
        ObjectiveCurve curve) {
    /** Of a run of the program. */
    static MfRun of(final TrainResult result) {
        return new MfRun(result.number("itemsPerSecond"), result.number("test"), result.number("seconds"),
                result.number("trainSeconds"), result.number("firstClockSeconds"), result.objective(1));
    }

    /** In the second half of the clocks, when the JVMs have compiled what they run. */
    double lateRatingsPerSecond() {
        return ratingsPerSecond * trainSeconds / curve.values().length / curve.pace();
    }

    /** The median of each measure is its own; the curve is that of the first run. */
    static MfRun median(final List<MfRun> runs) {
        return new MfRun(median(runs, MfRun::ratingsPerSecond), median(runs, MfRun::testRmse),
                median(runs, MfRun::seconds), median(runs, MfRun::trainSeconds),
                median(runs, MfRun::firstClockSeconds), runs.getFirst().curve());
    }

    static double median(final List<MfRun> runs, final ToDoubleFunction<MfRun> measure) {
        return Samples.of(runs.stream().mapToDouble(measure).toArray()).median();
    }

    /** All numbers by name; the curve's as {@code s0 v0 s1 v1 ...}. */
    Map<String, Double> toMap() {
        final Map<String, Double> map = new LinkedHashMap<>();
        map.put("ratingsPerSecond", ratingsPerSecond);
        map.put("testRmse", testRmse);
        map.put("seconds", seconds);
        map.put("trainSeconds", trainSeconds);
        map.put("firstClockSeconds", firstClockSeconds);
        for (int i = 0; i < curve.values().length; i++) {
            map.put("s" + i, curve.seconds()[i]);
            map.put("v" + i, curve.values()[i]);
        }
        return map;
    }

    /** The inverse of {@link #toMap}. */
    static MfRun of(final Map<String, Double> map) {
        int clocks = 0;
        while (map.containsKey("s" + clocks)) {
            clocks++;
        }
        final double[] times = new double[clocks];
        final double[] values = new double[clocks];
        for (int i = 0; i < clocks; i++) {
            times[i] = map.get("s" + i);
            values[i] = map.get("v" + i);
        }
        return new MfRun(map.get("ratingsPerSecond"), map.get("testRmse"), map.get("seconds"),
                map.get("trainSeconds"), map.get("firstClockSeconds"), new ObjectiveCurve(times, values));
    }
}
