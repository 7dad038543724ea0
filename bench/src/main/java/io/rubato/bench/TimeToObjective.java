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
     * @param trainSeconds to its end
     * @param waitSeconds  of all workers
     * @param test         RMSE at the end
     * @param curve        objective over time
     */
    record Run(String model, double trainSeconds, double waitSeconds, double test, ObjectiveCurve curve) {
    }

    /**
     * Without runs.
     *
     * @param partOfTheWay from the first run's first objective to the highest last one of all, where the objective lies
     */
    TimeToObjective(final double partOfTheWay) {
        this.partOfTheWay = partOfTheWay;
    }

    void add(final String model, final TrainResult result, final ObjectiveCurve curve) {
        add(new Run(model, result.number("trainSeconds"), result.number("waitSeconds"), result.number("test"), curve));
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
        return run.curve().secondsTo(objective());
    }

    double ratio(final Run run) {
        return seconds(run) / seconds(runs.getFirst());
    }

    List<String> lines() {
        final List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%12s%16s%14s%14s%16s%12s", "model", "s to " + fixed(objective()),
                "to " + runs.getFirst().model(), "training s", "waiting s", "test RMSE"));
        for (final Run run : runs) {
            lines.add(String.format(Locale.ROOT, "%12s%16.2f%14.2f%14.2f%16.2f%12.4f", run.model(), seconds(run),
                    ratio(run), run.trainSeconds(), run.waitSeconds(), run.test()));
        }
        return lines;
    }

    private static String fixed(final double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
