package io.rubato.node;

import io.rubato.simulator.SimulationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Results of simulations as people read them. Lines have no line ends. */
final class SimulationText {
    static final String HEADER = "  model            steps mean     min     max  spread   barrier msgs/step   waiting";

    private SimulationText() {
    }

    /** Of one run. */
    static List<String> of(final SimulationResult result) {
        final List<String> lines = new ArrayList<>();
        lines.add(Text.of("%s in %s, %s, seed %d, %.2f s of virtual time",
                Text.plural(result.scenario().workers(), "worker", "workers"),
                Text.plural(result.scenario().clients(), "client", "clients"),
                Text.plural(result.scenario().shards(), "shard", "shards"), result.scenario().seed(),
                result.virtualSeconds()));
        lines.add("");
        lines.add(HEADER);
        lines.add(row(result));
        lines.add("");
        lines.add("  messages   " + Text.count(result.messageCount()) + ": "
                + result.messages().entrySet().stream().filter(kind -> kind.getValue().sent() > 0)
                        .map(kind -> kind.getKey() + " " + Text.count(kind.getValue().sent()))
                        .collect(Collectors.joining(", ")));
        lines.add("  staleness  " + result.stalenessHistogram().entrySet().stream()
                .map(reads -> reads.getKey() + ": " + reads.getValue()).collect(Collectors.joining(", ")));
        lines.add("  outcome    " + outcome(result));
        lines.add("  violations " + result.violationCount());
        return lines;
    }

    /** Below {@link #HEADER}. */
    static String row(final SimulationResult result) {
        return Text.of("  %-14s %12.2f %7d %7d %7d %19.2f %7.1f %%", models(result), result.stepsMean(),
                result.stepsMin(), result.stepsMax(), result.stepsMax() - result.stepsMin(),
                result.barrierMessagesPerStep(), 100 * result.waitFraction());
    }

    /** Of all tables. */
    static String models(final SimulationResult result) {
        return result.scenario().workload().tables().stream().map(table -> table.consistency().toString()).distinct()
                .collect(Collectors.joining(" and "));
    }

    static String outcome(final SimulationResult result) {
        return result.outcome() == null ? "the job did not end" : result.outcome().reason();
    }

    /** What went wrong, in a run that the same command shows again; empty if nothing. */
    static List<String> violations(final SimulationResult result, final String command) {
        if (result.violationCount() == 0) {
            return List.of();
        }
        final List<String> lines = new ArrayList<>();
        lines.add("seed " + result.scenario().seed() + " breaks "
                + result.violationCounts().entrySet().stream().map(Map.Entry::toString)
                        .collect(Collectors.joining(", "))
                + ":");
        result.violations().forEach(violation -> lines.add("  " + violation));
        lines.add("see it again with: " + command);
        return lines;
    }
}
