package io.rubato.node;

import io.rubato.JobResult;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.WorkerReport;
import java.util.ArrayList;
import java.util.List;

/** The short table at the end of a job. */
final class Summary {
    private Summary() {
    }

    /**
     * Lines without line ends.
     *
     * @param firstClockSeconds from the command to the end of the first clock
     */
    static List<String> of(final JobConfig config, final JobReport report, final double firstClockSeconds) {
        final List<String> lines = new ArrayList<>();
        final int workers = config.workers() * config.threads();
        lines.add(Text.of("%s: %s in %s, %s, %s, %s, %.2f s of training", config.learner(),
                Text.plural(workers, "worker", "workers"), Text.plural(config.workers(), "process", "processes"),
                Text.plural(config.shards(), "shard", "shards"), config.model(),
                Text.plural(config.clocksToRun(), "clock", "clocks"), report.trainSeconds()));
        lines.add("");
        lines.add("  worker   clocks   computing     waiting   rows read   from cache   one-sided");
        for (final WorkerReport worker : report.workers()) {
            lines.add(Text.of("  %6d %8d %9.2f s %9.2f s %11s %10.1f %% %11s", worker.worker(), worker.clocks(),
                    worker.computeSeconds(),
                    worker.waitSeconds(), Text.count(worker.rowsRead()),
                    percent(worker.cacheHits(), worker.rowsRead()), Text.count(worker.oneSidedReads())));
        }
        lines.addAll(StalenessTable.lines(report));
        lines.add("");
        if (report.result() != null) {
            lines.add(Text.of("  %-8s %s", report.result().metric(), outcome(report.result())));
            lines.add("  model    " + (report.result().model().isEmpty() ? "not written" : report.result().model()));
        }
        lines.add(Text.of("  speed    %s items/s%s", Text.count(report.itemsPerSecond()),
                Double.isNaN(firstClockSeconds) ? ""
                        : Text.of(", first clock done %.2f s after the command", firstClockSeconds)));
        return lines;
    }

    /** What a learner measured; an audit measures nothing. */
    private static String outcome(final JobResult result) {
        final List<String> figures = new ArrayList<>();
        if (!Double.isNaN(result.train())) {
            figures.add(Text.of("train %.4f", result.train()));
        }
        if (!Double.isNaN(result.test())) {
            figures.add(Text.of("test %.4f", result.test()));
        }
        return figures.isEmpty() ? "passed" : String.join(", ", figures);
    }

    private static double percent(final long part, final long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }
}
