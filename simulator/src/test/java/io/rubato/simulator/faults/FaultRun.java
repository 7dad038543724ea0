package io.rubato.simulator.faults;

import io.rubato.Consistency;
import io.rubato.simulator.Scenario;
import io.rubato.simulator.Simulation;
import io.rubato.simulator.SimulationResult;
import io.rubato.simulator.check.Check;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Runs seeds until a check objects to one. It is loaded along with an engine of its own, and speaks to the test in
 * types of the JDK only.
 */
public final class FaultRun {
    /** Held, or the logger and its level could be collected. */
    private static final Logger ENGINE = Logger.getLogger("io.rubato");

    private FaultRun() {
    }

    /**
     * Runs the seeds from 1 on.
     *
     * @param check     that is to object; null if any may
     * @param mostSeeds the last
     * @param onlyPeers whether to leave out seeds in which no worker asks others for their clocks about several shards
     * @return the first seed that it objects to, the names of the checks that object, with spaces between, and what
     *         they say; null if there is none
     */
    public static String[] firstViolation(final String check, final long mostSeeds, final boolean onlyPeers) {
        ENGINE.setLevel(Level.OFF);
        for (long seed = 1; seed <= mostSeeds; seed++) {
            final Scenario scenario = Scenario.random(seed);
            if (onlyPeers && !asksPeers(scenario)) {
                continue;
            }
            final SimulationResult result = Simulation.run(scenario);
            final Set<Check> broken = result.violationCounts().keySet();
            if (check == null ? !broken.isEmpty() : broken.contains(Check.valueOf(check))) {
                return new String[] {Long.toString(seed), names(broken),
                        result.describeViolations()};
            }
        }
        return null;
    }

    private static boolean asksPeers(final Scenario scenario) {
        return scenario.shards() > 1 && scenario.clients() > 1 && scenario.workload().tables().stream()
                .anyMatch(table -> table.consistency().sampling() == Consistency.Sampling.PEERS);
    }

    private static String names(final Set<Check> checks) {
        return checks.stream().sorted().map(Check::name).collect(Collectors.joining(" "));
    }
}
