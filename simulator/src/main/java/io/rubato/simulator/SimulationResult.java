package io.rubato.simulator;

import io.rubato.Outcome;
import io.rubato.coordinator.JobReport;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Violation;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What came of a simulated run.
 *
 * @param scenario               that was run
 * @param outcome                of the job, as the coordinator tells it, or a member if the coordinator is gone; null
 *                               if it did not end
 * @param virtualSeconds         that workers were training
 * @param steps                  per worker: clocks it ended
 * @param barrierMessagesPerStep how many clocks of other workers a worker's gates consult for one of its clocks
 * @param waitFraction           of the workers' time between their first and last moment
 * @param messages               by kind
 * @param stalenessHistogram     clock of the data read minus the reader's clock, to how many reads
 * @param report                 of a job that ended well; null otherwise
 * @param violations             the first of them
 * @param violationCounts        all of them
 * @param digest                 of everything that happened, in order
 * @param events                 that the digest is made of
 */
public record SimulationResult(Scenario scenario, Outcome outcome, double virtualSeconds, long[] steps,
        double barrierMessagesPerStep, double waitFraction, SortedMap<String, Traffic> messages,
        SortedMap<Long, Long> stalenessHistogram, JobReport report, List<Violation> violations,
        Map<Check, Long> violationCounts, long digest, long events) {
    /**
     * Messages of one kind.
     *
     * @param sent   how many, lost ones too, copies not
     * @param bytes  of those
     * @param lost   how many of those
     * @param copied how many of those arrived twice
     */
    public record Traffic(long sent, long bytes, long lost, long copied) {
    }

    /**
     * Messages of all kinds.
     *
     * @return how many were sent, lost ones too
     */
    public long messageCount() {
        return messages.values().stream().mapToLong(Traffic::sent).sum();
    }

    /**
     * Clocks ended.
     *
     * @return mean over workers
     */
    public double stepsMean() {
        long sum = 0;
        for (final long count : steps) {
            sum += count;
        }
        return (double) sum / steps.length;
    }

    /**
     * Clocks ended by the worker with the fewest.
     *
     * @return clocks
     */
    public long stepsMin() {
        return java.util.Arrays.stream(steps).min().orElse(0);
    }

    /**
     * Clocks ended by the worker with the most.
     *
     * @return clocks
     */
    public long stepsMax() {
        return java.util.Arrays.stream(steps).max().orElse(0);
    }

    /**
     * How often any check objected.
     *
     * @return 0 if all is well
     */
    public long violationCount() {
        return violationCounts.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * What went wrong and how to see it again.
     *
     * @return lines to print; empty if all is well
     */
    public String describeViolations() {
        return violations.isEmpty() ? ""
                : violations.stream().map(Violation::toString).collect(Collectors.joining("\n",
                        "seed " + scenario.seed() + " breaks " + violationCounts + ":\n",
                        "\nsee it again with: scripts/rubato simulate --replay " + scenario.seed()));
    }
}
