package io.rubato.simulator;

import io.rubato.Consistency;
import io.rubato.Outcome;
import io.rubato.TableSpec;
import io.rubato.coordinator.JobReport;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Promise;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What is checked when a run has ended. */
final class Aftermath {
    /** Between the liveness timeout and the job's end: ticks, and the farewell to processes that do not answer. */
    private static final long SLACK_NS = TimeUnit.SECONDS.toNanos(3);

    private final Scenario scenario;
    private final Violations violations;

    /** Of all tables. */
    @FunctionalInterface
    interface Elements {
        long get(int table, long row, int column);
    }

    Aftermath(final Scenario scenario, final Violations violations) {
        this.scenario = scenario;
        this.violations = violations;
    }

    /** Times count from the moment from which faults count. */
    void checkOutcome(final Outcome outcome, final long endedNs) {
        if (outcome == null || outcome.success()) {
            return;
        }
        final FatalFaults fatal = new FatalFaults(scenario);
        if (!fatal.explain(outcome.reason(), endedNs)) {
            violations.report(Check.OUTCOME,
                    "the job failed, and "
                            + (fatal.isEmpty() ? "nobody was lost" : "the reason does not name who was lost")
                            + ": " + outcome.reason());
        } else if (endedNs > fatal.deadlineNs(SLACK_NS)) {
            violations.report(Check.OUTCOME,
                    String.format(Locale.ROOT, "the job ended at %.3f s, but should have at %.3f s: %s", endedNs / 1e9,
                            fatal.deadlineNs(SLACK_NS) / 1e9, outcome.reason()));
        }
    }

    /** What must hold when the job has ended well. */
    void checkReport(final JobReport report) {
        if (report == null) {
            violations.report(Check.OUTCOME, "the job ended well without a report");
            return;
        }
        if (report.deltaRowsSent() != report.deltaRowsApplied()) {
            violations.report(Check.BOOKS,
                    report.deltaRowsSent() + " delta rows sent, " + report.deltaRowsApplied() + " applied");
        }
        final long bound = largestBound();
        if (report.maxClockGap() > bound) {
            violations.report(Check.REPORTED_GAP,
                    "the largest clock gap is " + report.maxClockGap() + ", allowed is " + bound);
        }
    }

    void checkRows(final Elements inShards, final Elements asAdded) {
        final List<TableSpec> tables = scenario.workload().tables();
        for (int table = 0; table < tables.size(); table++) {
            for (long row = 0; row < tables.get(table).rows(); row++) {
                for (int column = 0; column < tables.get(table).columns(); column++) {
                    final long held = inShards.get(table, row, column);
                    final long added = asAdded.get(table, row, column);
                    if (held != added) {
                        violations.report(Check.CONSERVATION,
                                "row " + row + " column " + column + " of table " + tables.get(table).name() + " holds "
                                        + held + ", added was " + added);
                    }
                }
            }
        }
    }

    private long largestBound() {
        long bound = scenario.workload().overrides() > 0 ? scenario.workload().maxStaleness() : 0;
        for (final TableSpec table : scenario.workload().tables()) {
            final Consistency consistency = table.consistency();
            final boolean holdsForAll =
                    Promise.ofAll(consistency, Promise.TABLE_BOUND, 1L << 40, scenario.workers()) > 0;
            // Peers do not look at what the shard knows of the reader itself.
            final boolean isTold = holdsForAll && consistency.sampling() == Consistency.Sampling.CENTRAL;
            bound = isTold ? Math.max(bound, consistency.staleness()) : Long.MAX_VALUE;
        }
        return bound;
    }
}
