package io.rubato.node;

import io.rubato.simulator.Scenario;
import io.rubato.simulator.Simulation;
import io.rubato.simulator.SimulationResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rubato simulate}. */
@Command(name = "simulate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a whole cluster in virtual time in one process, from the engine's own code, and checks "
                + "every read. The same options give the same run.",
        footer = {"",
                "The experiment: BSP, SSP, pBSP, pSSP and ASP with the same seed, workers and time, then pBSP with a "
                        + "sample of 0 to 64. Its defaults are 200 workers, 2 of them 4 times as slow, a sample of 1 %% "
                        + "of the workers, staleness 1, 40 s. The paper's order BSP < SSP < pBSP < pSSP < ASP needs few "
                        + "permanent stragglers, a small sample and a small staleness: SSP leads the slowest worker by "
                        + "s steps, pBSP by less than some log(N/stragglers)/log(1+sample), for those who wait for a straggler "
                        + "are soon waited for themselves. Without stragglers SSP is ahead of pBSP.",
                "",
                "Exit codes: 0 nothing is violated, 1 something is, 2 wrong usage."})
final class SimulateCommand implements Callable<Integer> {
    private static final Logger ENGINE = Logger.getLogger("io.rubato");
    private static final Set<String> ALWAYS = Set.of("--help", "--version");
    private static final String RANGE = "-?\\d+\\.\\.-?\\d+";

    @Spec
    private CommandSpec spec;

    @Mixin
    private SimulationOptions options;

    @Option(names = "--trace", description = "Print every event.")
    private boolean trace;

    @Option(names = "--replay", paramLabel = "SEED",
            description = "Run the random hostile scenario of this seed and print every event.")
    private Long replay;

    @Option(names = "--seeds", paramLabel = "FROM..TO",
            description = "Run the random hostile scenarios of these seeds, on all cores.")
    private String seeds;

    @Option(names = "--experiment", paramLabel = "psp",
            description = "Compare the models with each other: see below.")
    private String experiment;

    @Option(names = "--chart", paramLabel = "FILE.svg", description = "With --experiment: draw the result.")
    private String chart;

    @Option(names = "--json", paramLabel = "FILE",
            description = "Write the result as one JSON object; - for standard output.")
    private String json;

    @Override
    public Integer call() {
        final JsonTarget target = new JsonTarget(json);
        // Standard output is the object's alone.
        final CommandLine line = spec.commandLine();
        final PrintWriter out = target.isStandardOutput() ? line.getErr() : line.getOut();
        final Level level = ENGINE.getLevel();
        // Networks that lose and repeat make the engine drop messages, and say so.
        ENGINE.setLevel(Level.OFF);
        try {
            return run(target, out);
        } finally {
            ENGINE.setLevel(level);
            out.flush();
        }
    }

    private int run(final JsonTarget target, final PrintWriter out) {
        if (replay != null) {
            only("--replay", Set.of("--json"));
            target.check();
            return single(Scenario.random(replay), true, target, out);
        }
        if (seeds != null) {
            only("--seeds", Set.of());
            return sweep(out);
        }
        if (experiment != null) {
            return experiment(target, out);
        }
        if (chart != null) {
            throw new UsageException("--chart belongs to --experiment");
        }
        final Scenario scenario = options.scenario(options.model().consistency());
        target.check();
        return single(scenario, trace, target, out);
    }

    /** Refuses options that another one leaves no room for. */
    private void only(final String option, final Set<String> others) {
        final Set<String> given = new TreeSet<>();
        for (final OptionSpec matched : spec.commandLine().getParseResult().matchedOptions()) {
            given.add(matched.longestName());
        }
        given.removeAll(others);
        given.removeAll(ALWAYS);
        given.remove(option);
        if (!given.isEmpty()) {
            throw new UsageException(option + " leaves no room for " + String.join(", ", given));
        }
    }

    private int single(final Scenario scenario, final boolean traced, final JsonTarget target, final PrintWriter out) {
        final Consumer<String> lines = traced ? out::println : null;
        final SimulationResult result = Simulation.run(scenario, lines);
        SimulationText.of(result).forEach(out::println);
        SimulationText.violations(result, command()).forEach(out::println);
        out.flush();
        target.write(SimulationJson.format(result), System.out);
        return exitCode(result.violationCount() == 0);
    }

    /** As typed. */
    private String command() {
        final StringBuilder command = new StringBuilder("scripts/rubato simulate");
        if (replay != null) {
            return command.append(" --replay ").append(replay).toString();
        }
        for (final String argument : spec.commandLine().getParseResult().originalArgs()) {
            command.append(' ').append(argument.matches("[\\w.,:=/-]+") ? argument : "'" + argument + "'");
        }
        return command.append(trace ? "" : " --trace").toString();
    }

    private int sweep(final PrintWriter out) {
        if (!seeds.matches(RANGE)) {
            throw new UsageException("--seeds must be FROM..TO, for example 1..1000, got '" + seeds + "'");
        }
        final String[] ends = seeds.split("\\.\\.");
        final long from = JobKeys.integer("--seeds", ends[0]);
        final long to = JobKeys.integer("--seeds", ends[1]);
        if (from > to) {
            throw new UsageException("--seeds must be FROM..TO with FROM at most TO, got '" + seeds + "'");
        }
        final SeedSweep sweep = new SeedSweep(from, to, seed -> Simulation.run(Scenario.random(seed)),
                spec.commandLine().getErr());
        final boolean well = sweep.run();
        sweep.lines().forEach(out::println);
        return exitCode(well);
    }

    private int experiment(final JsonTarget target, final PrintWriter out) {
        if (!experiment.equals("psp")) {
            throw new UsageException("--experiment must be psp, got '" + experiment + "'");
        }
        refuse("--consistency", "--value-bound", "--propagation", "--trace");
        final JsonTarget picture = new JsonTarget("--chart", chart);
        target.check();
        picture.check();
        options.experimental();
        final PspExperiment.Outcome outcome = new PspExperiment(options).run();
        outcome.lines(options.stragglers()).forEach(out::println);
        for (final List<SimulationResult> runs : List.of(outcome.models(), outcome.sweep())) {
            runs.forEach(run -> SimulationText.violations(run, command()).forEach(out::println));
        }
        out.flush();
        picture.write(outcome.chart(), System.out);
        target.write(SimulationJson.format(outcome), System.out);
        return exitCode(outcome.violationCount() == 0);
    }

    private void refuse(final String... names) {
        for (final String name : names) {
            if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
                throw new UsageException("--experiment leaves no room for " + name);
            }
        }
    }

    private static int exitCode(final boolean well) {
        return well ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
