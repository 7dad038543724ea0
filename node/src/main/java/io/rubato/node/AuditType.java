package io.rubato.node;

import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.Learner;
import io.rubato.TableSpec;
import io.rubato.simulator.check.AuditLearner;
import io.rubato.simulator.check.AuditObserver;
import io.rubato.simulator.check.Violation;
import io.rubato.simulator.check.Workload;
import java.util.List;

/**
 * Not learning but checking, {@code audit}: workers add what depends on nothing but seed, worker, clock and row, and
 * hold every read against what the consistency model promises. The first read that breaks it fails the job.
 */
final class AuditType implements LearnerType {
    private static final int ROWS = 60;
    private static final int READS_PER_CLOCK = 100;
    private static final double OWN_BOUNDS = 0.1;
    private static final int MAX_OWN_BOUND = 4;
    private static final double REFRESHES = 0.2;
    private static final double TOUCHED = 0.5;
    private static final int PIECES = 2;
    private static final double EDITS = 0.3;
    private static final double STREAMS = 0.5;

    @Override
    public void check(final JobConfig config) {
        if (!config.options().isEmpty()) {
            throw new UsageException("audit has no option '" + config.options().firstKey() + "'");
        }
        if (config.wire() != Encoding.EXACT) {
            throw new UsageException("audit's rows hold whole numbers: " + JobConfig.WIRE + " must be exact, got "
                    + config.wireName());
        }
    }

    @Override
    public Learner create(final JobConfig config) {
        final TableSpec table = new TableSpec("audit", ROWS, config.workers() * config.threads(), ElementType.I64,
                config.model().consistency());
        final Workload workload = new Workload(config.seed(), List.of(table), config.clocksToRun(), READS_PER_CLOCK,
                OWN_BOUNDS, MAX_OWN_BOUND, REFRESHES, TOUCHED, PIECES, EDITS, STREAMS, 1, true);
        // A learner of its own for each worker: they run in parallel.
        return worker -> new AuditLearner(workload, AuditObserver.NONE, AuditType::fail).run(worker);
    }

    static void fail(final Violation violation) {
        throw new IllegalStateException(violation.toString());
    }
}
