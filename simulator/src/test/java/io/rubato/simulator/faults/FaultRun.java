package io.rubato.simulator.faults;

import io.rubato.simulator.Scenario;
import io.rubato.simulator.Simulation;
import io.rubato.simulator.SimulationResult;
import io.rubato.simulator.check.Check;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Runs seeds until a check objects. It is loaded along with an engine of its own, and speaks to the test in types of the
 * JDK only.
 */
public final class FaultRun {
    /** Held, or the logger and its level could be collected. */
    private static final Logger ENGINE = Logger.getLogger("io.rubato");

    private FaultRun() {
    }

    /**
     * Runs the seeds from 1 on.
     *
     * @param mostSeeds the last
     * @return the first seed with a violation, the names of the checks that object, with spaces between, and what they
     *         say; null if there is none
     */
    public static String[] firstViolation(final long mostSeeds) {
        ENGINE.setLevel(Level.OFF);
        for (long seed = 1; seed <= mostSeeds; seed++) {
            final SimulationResult result = Simulation.run(Scenario.random(seed));
            if (result.violationCount() > 0) {
                return new String[] {Long.toString(seed), names(result.violationCounts().keySet()),
                        result.describeViolations()};
            }
        }
        return null;
    }

    private static String names(final Set<Check> checks) {
        return checks.stream().sorted().map(Check::name).collect(Collectors.joining(" "));
    }
}
