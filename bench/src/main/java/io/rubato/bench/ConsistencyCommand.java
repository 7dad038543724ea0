package io.rubato.bench;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code rubato bench consistency}: what consistency models do to the same training, in processes of its own.
 *
 * <ol>
 * <li>SSP(s) and ESSP(s) with one worker slowed: how stale the rows were that were read (Dai et al. 2015).</li>
 * <li>BSP, A-BSP, SSP, ESSP and pSSP with another worker slowed in each clock: seconds to the same objective (Cui et
 * al. 2014).</li>
 * </ol>
 */
@Command(name = "consistency", mixinStandardHelpOptions = true, sortOptions = false,
        description = "'rubato train mf' under BSP, A-BSP, SSP, ESSP and pSSP with a slowed worker: how stale the rows "
                + "are that are read, and how long it takes to the same objective.")
final class ConsistencyCommand extends Bench {
    private static final int PLANTED_RANK = 4;
    private static final double NOISE = 0.5;
    private static final int SLOW_WORKER = 1;
    private static final List<Integer> STALENESS = List.of(3, 15);
    /** The objective to be reached lies so far on the way from the first pass to the end of the worst run. */
    private static final double PART_OF_THE_WAY = 0.95;

    @Mixin
    private ConsistencyArguments arguments;

    private Report report;
    private TrainProgram program;

    @Override
    void check() {
        arguments.check();
    }

    @Override
    int measure(final Report given) throws IOException, InterruptedException {
        report = given;
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            final Path data = directory.path().resolve("ratings.tsv");
            final PlantedRatings.Shape shape = new PlantedRatings.Shape(arguments.users(), arguments.items(),
                    arguments.ratings(), PLANTED_RANK, NOISE, arguments.seed());
            PlantedRatings.generate(shape).write(data);
            report.say("%,d ratings of %,d users for %,d items; planted rank %d, noise %.2f, seed %d", shape.ratings(),
                    shape.users(), shape.items(), PLANTED_RANK, NOISE, shape.seed());
            program = new TrainProgram("mf", directory.path(), data);
            run();
        }
        return 0;
    }

    private void run() throws IOException, InterruptedException {
        final List<StalenessComparison> comparisons = new ArrayList<>();
        for (final int staleness : STALENESS) {
            final String bound = Integer.toString(staleness);
            final StalenessComparison comparison = new StalenessComparison(staleness,
                    stalenessOf("--consistency", "ssp", "--staleness", bound),
                    stalenessOf("--consistency", "essp", "--staleness", bound));
            comparisons.add(comparison);
            report.say("");
            report.say("staleness of the rows read, worker " + SLOW_WORKER + " slowed by "
                    + arguments.slow() + " ms in each clock (clock of the data minus clock of the reader)");
            comparison.lines().forEach(report::say);
        }
        report.say("");
        report.say(
                """
                        A worker that is ahead of the slowest reads data at least as old as its lead, however they are
                        propagated; the slowed one is ahead of nobody, and its column shows what propagation does.""");
        final TimeToObjective times = timeToObjective();
        report.say("");
        report.say("time to the same objective, another worker slowed by " + arguments.rotate()
                + " ms in each clock");
        times.lines().forEach(report::say);
        ConsistencyJson.put(report, comparisons, times);
    }

    private StalenessComparison.Reads stalenessOf(final String... model) throws IOException, InterruptedException {
        final TrainResult result = train(arguments.ofSlow(List.of(model), SLOW_WORKER));
        final Histogram others = new Histogram();
        for (int worker = 0; worker < arguments.workers(); worker++) {
            if (worker != SLOW_WORKER) {
                others.add(result.staleness(worker, "items"));
            }
        }
        return new StalenessComparison.Reads(result.staleness(SLOW_WORKER, "items"), others);
    }

    private TimeToObjective timeToObjective() throws IOException, InterruptedException {
        final String bound = Integer.toString(arguments.staleness());
        final int clocksPerPass = Math.max(1, (int) Math.round(1 / arguments.workPerClock()));
        final int merged = arguments.staleness() + 1;
        // So many clocks for a point that under A-BSP they are whole clocks too.
        final int window = Math.ceilDiv(clocksPerPass, merged) * merged;
        final TimeToObjective times = new TimeToObjective(PART_OF_THE_WAY);
        final List<List<String>> models = List.of(List.of("bsp"), List.of("absp", "--staleness", bound),
                List.of("ssp", "--staleness", bound), List.of("essp", "--staleness", bound),
                List.of("pssp", "--staleness", bound, "--sample", Integer.toString(arguments.sample())));
        for (final List<String> model : models) {
            final List<String> options = new ArrayList<>(List.of("--consistency"));
            options.addAll(model);
            final TrainResult result = train(arguments.ofRotating(options));
            final int clocksInOne = model.getFirst().equals("absp") ? merged : 1;
            times.add(model.getFirst(), clocksInOne, result, result.objective(window / clocksInOne));
        }
        return times;
    }

    private TrainResult train(final List<String> options) throws IOException, InterruptedException {
        return TrainResult.read(program.run(options));
    }
}
