package io.rubato.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long each model takes to an objective that all of them reach; they are held against the first that is added. */
final class TimeToObjective {
    private final double partOfTheWay;
    private final List<Run> runs = new ArrayList<>();

    /**
     * One training.
     *
     * @param model        its name
     * @param merged       clocks of the other models that are one of its own
     * @param trainSeconds to its end
     * @param waitSeconds  of all workers
     * @param test         RMSE at the end
     * @param curve        objective over time
     */
    record Run(String model, int merged, double trainSeconds, double waitSeconds, double test, ObjectiveCurve curve) {
    }

    /**
     * Without runs.
     *
     * @param partOfTheWay from the first run's first objective to the highest last one of all, where the objective lies
     */
    TimeToObjective(final double partOfTheWay) {
        this.partOfTheWay = partOfTheWay;
    }

    void add(final String model, final int merged, final TrainResult result, final ObjectiveCurve curve) {
        add(new Run(model, merged, result.number("trainSeconds"), result.number("waitSeconds"), result.number("test"),
                curve));
    }

    void add(final Run run) {
        runs.add(run);
    }

    List<Run> runs() {
        return runs;
    }

    double objective() {
        final double first = runs.getFirst().curve().first();
        final double last = runs.stream().mapToDouble(run -> run.curve().last()).max().orElseThrow();
        return first + partOfTheWay * (last - first);
    }

    double seconds(final Run run) {
        return run.curve().reaches(objective());
    }

    double ratio(final Run run) {
        return seconds(run) / seconds(runs.getFirst());
    }

    /** In the second half of a run, for as much work as the other models do in a clock. */
    double millisPerClock(final Run run) {
        return 1000 * run.curve().pace() / run.merged();
    }

    double paceRatio(final Run run) {
        return millisPerClock(run) / millisPerClock(runs.getFirst());
    }

    List<String> lines() {
        final String first = "to " + runs.getFirst().model();
        final List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%12s%14s%9s%16s%9s%13s%12s%12s", "model", "s to " + fixed(objective()),
                first, "late ms/clock", first, "training s", "waiting s", "test RMSE"));
        for (final Run run : runs) {
            lines.add(String.format(Locale.ROOT, "%12s%14.2f%9.2f%16.1f%9.2f%13.2f%12.2f%12.4f", run.model(),
                    seconds(run), ratio(run), millisPerClock(run), paceRatio(run), run.trainSeconds(),
                    run.waitSeconds(), run.test()));
        }
        lines.add("late: in the second half of each run, when the JVMs have compiled; absp's clocks in parts of "
                + runs.stream().mapToInt(Run::merged).max().orElseThrow());
        return lines;
    }

    private static String fixed(final double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
