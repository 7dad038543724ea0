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
    /** How far above the best of a run its target lies; the last thousandth takes many passes. */
    static final double ABOVE_THE_BEST = 1.002;

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

    /** A test RMSE that every run reaches: the best of the worst run, and a little more. */
    double commonTarget() {
        double worst = 0;
        for (final List<MfRun> runs : List.of(trained, bare)) {
            for (final MfRun run : runs) {
                worst = Math.max(worst, run.tests().least());
            }
        }
        return ABOVE_THE_BEST * worst;
    }

    Map<String, Object> json(final double target) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("rank", rank);
        json.put("workers", workers);
        json.put("trained", json(trained, target));
        json.put("bare", json(bare, target));
        json.put("overhead", overhead());
        json.put("lateOverhead", lateOverhead());
        json.put("libmfReference", libmf());
        json.put("targetTestRmse", target);
        return json;
    }

    private static Map<String, Object> json(final List<MfRun> runs, final double target) {
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
        json.put("secondsToTarget", MfRun.median(runs, run -> run.secondsTo(target)));
        json.put("epochsToTarget", MfRun.median(runs, run -> run.passesTo(target)));
        return json;
    }
}
