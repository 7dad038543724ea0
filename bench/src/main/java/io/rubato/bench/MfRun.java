package io.rubato.bench;

import java.util.Arrays;
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
 * @param tests             RMSE on the held-out ratings while it trained, over seconds of training
 * @param passesPerTest     passes over the ratings from one of them to the next
 */
record MfRun(double ratingsPerSecond, double testRmse, double seconds, double trainSeconds, double firstClockSeconds,
        ObjectiveCurve curve, ObjectiveCurve tests, double passesPerTest) {
    /** Of a run of the program. */
    static MfRun of(final TrainResult result, final MfArguments arguments) {
        return new MfRun(result.number("itemsPerSecond"), result.number("test"), result.number("seconds"),
                result.number("trainSeconds"), result.number("firstClockSeconds"), result.objective(1),
                result.tests().roots(), arguments.testEvery() * arguments.workPerClock());
    }

    /** Seconds of training until the test RMSE is that low; NaN if it never is. */
    double secondsTo(final double rmse) {
        return tests.reaches(rmse);
    }

    /** Passes over the ratings until the test RMSE is that low; NaN if it never is. */
    double passesTo(final double rmse) {
        final double[] passes = new double[tests.values().length];
        Arrays.setAll(passes, i -> (i + 1) * passesPerTest);
        return new ObjectiveCurve(passes, tests.values()).reaches(rmse);
    }

    /** In the second half of the clocks, when the JVMs have compiled what they run. */
    double lateRatingsPerSecond() {
        return ratingsPerSecond * trainSeconds / curve.values().length / curve.pace();
    }

    /** The median of each measure is its own; the curve is that of the first run. */
    static MfRun median(final List<MfRun> runs) {
        return new MfRun(median(runs, MfRun::ratingsPerSecond), median(runs, MfRun::testRmse),
                median(runs, MfRun::seconds), median(runs, MfRun::trainSeconds),
                median(runs, MfRun::firstClockSeconds), runs.getFirst().curve(),
                runs.getFirst().tests(), runs.getFirst().passesPerTest());
    }

    static double median(final List<MfRun> runs, final ToDoubleFunction<MfRun> measure) {
        return Samples.of(runs.stream().mapToDouble(measure).toArray()).median();
    }

    /** All numbers by name; the curves' as {@code s0 v0 s1 v1 ...} and {@code t0 w0 ...}. */
    Map<String, Double> toMap() {
        final Map<String, Double> map = new LinkedHashMap<>();
        map.put("ratingsPerSecond", ratingsPerSecond);
        map.put("testRmse", testRmse);
        map.put("seconds", seconds);
        map.put("trainSeconds", trainSeconds);
        map.put("firstClockSeconds", firstClockSeconds);
        map.put("passesPerTest", passesPerTest);
        put(map, curve, "s", "v");
        put(map, tests, "t", "w");
        return map;
    }

    private static void put(final Map<String, Double> map, final ObjectiveCurve curve, final String seconds,
            final String values) {
        for (int i = 0; i < curve.values().length; i++) {
            map.put(seconds + i, curve.seconds()[i]);
            map.put(values + i, curve.values()[i]);
        }
    }

    /** The inverse of {@link #toMap}. */
    static MfRun of(final Map<String, Double> map) {
        return new MfRun(map.get("ratingsPerSecond"), map.get("testRmse"), map.get("seconds"),
                map.get("trainSeconds"), map.get("firstClockSeconds"), curve(map, "s", "v"), curve(map, "t", "w"),
                map.get("passesPerTest"));
    }

    private static ObjectiveCurve curve(final Map<String, Double> map, final String seconds, final String values) {
        int size = 0;
        while (map.containsKey(seconds + size)) {
            size++;
        }
        final double[] times = new double[size];
        final double[] found = new double[size];
        Arrays.setAll(times, i -> map.get(seconds + i));
        Arrays.setAll(found, i -> map.get(values + i));
        return new ObjectiveCurve(times, found);
    }
}
