package io.rubato.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The program and the bare learner, side by side.
 *
 * @param rank    factors per user and item
 * @param workers of either
 * @param trained runs of the program
 * @param bare    runs of the learner without a parameter server
 */
record MfComparison(int rank, int workers, List<MfRun> trained, List<MfRun> bare) {
    /** Ratings per second of LIBMF with two threads on a machine with two cores, on data of this shape. */
    private static final Map<Integer, Double> LIBMF = Map.of(16, 70e6, 32, 57e6, 100, 34e6);
    private static final int LIBMF_THREADS = 2;
    /** The default target lies so far on the way from the first pass to the end of the worst run. */
    private static final double PART_OF_THE_WAY = 0.95;

    /** LIBMF's figure for this rank and as many threads; NaN if there is none. */
    double libmf() {
        return workers == LIBMF_THREADS ? libmf(rank) : Double.NaN;
    }

    /** LIBMF's figure for a rank and two threads; NaN if there is none. */
    static double libmf(final int rank) {
        return LIBMF.getOrDefault(rank, Double.NaN);
    }

    /** Share of the bare learner's ratings per second that the program does not reach. */
    double overhead() {
        return 1 - MfRun.median(trained, MfRun::ratingsPerSecond) / MfRun.median(bare, MfRun::ratingsPerSecond);
    }

    /** The same in the second half of the clocks. */
    double lateOverhead() {
        return 1 - MfRun.median(trained, MfRun::lateRatingsPerSecond)
                / MfRun.median(bare, MfRun::lateRatingsPerSecond);
    }

    /** A training RMSE that every run reaches. */
    double commonTarget(final int clocksPerPass) {
        final double first = smoothed(trained.getFirst(), clocksPerPass).first();
        double last = 0;
        for (final List<MfRun> runs : List.of(trained, bare)) {
            for (final MfRun run : runs) {
                last = Math.max(last, smoothed(run, clocksPerPass).last());
            }
        }
        return Math.sqrt(first + PART_OF_THE_WAY * (last - first));
    }

    /** Seconds of training until a pass over the ratings has that RMSE; NaN if it never does. */
    static double secondsTo(final double rmse, final List<MfRun> runs, final int clocksPerPass) {
        return MfRun.median(runs, run -> smoothed(run, clocksPerPass).secondsTo(rmse * rmse));
    }

    /** Passes over the ratings until one has that RMSE; NaN if none has. */
    static double epochsTo(final double rmse, final List<MfRun> runs, final int clocksPerPass) {
        return MfRun.median(runs, run -> {
            final ObjectiveCurve curve = smoothed(run, clocksPerPass);
            for (int i = 0; i < curve.values().length; i++) {
                if (curve.values()[i] <= rmse * rmse) {
                    return (double) (i + clocksPerPass) / clocksPerPass;
                }
            }
            return Double.NaN;
        });
    }

    private static ObjectiveCurve smoothed(final MfRun run, final int clocksPerPass) {
        return ObjectiveCurve.smoothed(run.curve().seconds(), run.curve().values(),
                Math.min(clocksPerPass, run.curve().values().length));
    }

    Map<String, Object> json(final double target, final int clocksPerPass) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("rank", rank);
        json.put("workers", workers);
        json.put("trained", json(trained, target, clocksPerPass));
        json.put("bare", json(bare, target, clocksPerPass));
        json.put("overhead", overhead());
        json.put("lateOverhead", lateOverhead());
        json.put("libmfReference", libmf());
        json.put("targetTrainingRmse", target);
        return json;
    }

    private static Map<String, Object> json(final List<MfRun> runs, final double target, final int clocksPerPass) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("ratingsPerSecond",
                Samples.of(runs.stream().mapToDouble(MfRun::ratingsPerSecond).toArray()).json());
        json.put("lateRatingsPerSecond",
                Samples.of(runs.stream().mapToDouble(MfRun::lateRatingsPerSecond).toArray()).json());
        final MfRun median = MfRun.median(runs);
        json.put("testRmse", median.testRmse());
        json.put("seconds", median.seconds());
        json.put("trainSeconds", median.trainSeconds());
        json.put("firstClockSeconds", median.firstClockSeconds());
        json.put("secondsToTarget", secondsTo(target, runs, clocksPerPass));
        json.put("epochsToTarget", epochsTo(target, runs, clocksPerPass));
        return json;
    }
}
