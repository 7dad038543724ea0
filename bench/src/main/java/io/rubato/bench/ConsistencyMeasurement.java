package io.rubato.bench;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code scripts/bench consistency}: what consistency models do to the same training, in processes of its own.
 *
 * <ol>
 * <li>SSP(s) and ESSP(s) with one worker slowed: how stale the rows were that were read (Dai et al. 2015).</li>
 * <li>BSP, A-BSP, SSP, ESSP and pSSP with another worker slowed in each clock: seconds to the same objective (Cui et al.
 * 2014).</li>
 * </ol>
 */
public final class ConsistencyMeasurement {
    private static final int PLANTED_RANK = 4;
    private static final double NOISE = 0.5;
    private static final int SLOW_WORKER = 1;
    private static final List<Integer> STALENESS = List.of(3, 15);
    /** The objective to be reached lies so far on the way from the first pass to the end of the worst run. */
    private static final double PART_OF_THE_WAY = 0.95;

    private final ConsistencyArguments arguments;
    private final PrintStream out;
    private final TrainProgram program;

    private ConsistencyMeasurement(final ConsistencyArguments arguments, final PrintStream out,
            final TrainProgram program) {
        this.arguments = arguments;
        this.out = out;
        this.program = program;
    }

    /**
     * Measures and prints tables. Ends the JVM with exit code 2 after wrong usage, 1 if a training fails.
     *
     * @param arguments see {@link ConsistencyArguments}
     */
    public static void main(final String[] arguments) {
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            System.out.println(ConsistencyArguments.USAGE);
            return;
        }
        System.exit(run(arguments));
    }

    private static int run(final String[] given) {
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            final ConsistencyArguments arguments = new ConsistencyArguments(given);
            final Path data = directory.path().resolve("ratings.tsv");
            final PlantedRatings.Shape shape = new PlantedRatings.Shape(arguments.whole("--users"),
                    arguments.whole("--items"), arguments.whole("--ratings"), PLANTED_RANK, NOISE,
                    arguments.whole("--seed"));
            PlantedRatings.generate(shape).write(data);
            System.out.println(String.format(Locale.ROOT,
                    "%,d ratings of %,d users for %,d items; planted rank %d, noise %.2f, seed %d", shape.ratings(),
                    shape.users(), shape.items(), PLANTED_RANK, NOISE, shape.seed()));
            new ConsistencyMeasurement(arguments, System.out, new TrainProgram(directory.path(), data)).run();
            return 0;
        } catch (final IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (final IOException | InterruptedException e) {
            System.err.println("the measurement failed: " + e.getMessage());
            return 1;
        }
    }

    private void run() throws IOException, InterruptedException {
        final List<StalenessComparison> comparisons = new ArrayList<>();
        for (final int staleness : STALENESS) {
            final String bound = Integer.toString(staleness);
            final StalenessComparison comparison = new StalenessComparison(staleness,
                    stalenessOf("--consistency", "ssp", "--staleness", bound),
                    stalenessOf("--consistency", "essp", "--staleness", bound));
            comparisons.add(comparison);
            out.println();
            out.println("staleness of the rows read, worker " + SLOW_WORKER + " slowed by "
                    + arguments.whole("--slow") + " ms in each clock (clock of the data minus clock of the reader)");
            comparison.lines().forEach(out::println);
        }
        out.println();
        out.println(
                """
                        A worker that is ahead of the slowest reads data at least as old as its lead, however they are propagated;
                        the slowed worker is ahead of nobody, and its column shows what propagation does.""");
        final TimeToObjective times = timeToObjective();
        out.println();
        out.println("time to the same objective, another worker slowed by " + arguments.whole("--rotate")
                + " ms in each clock");
        times.lines().forEach(out::println);
        if (arguments.json() != null) {
            Files.writeString(arguments.json(), ConsistencyJson.format(comparisons, times));
        }
    }

    private StalenessComparison.Reads stalenessOf(final String... model) throws IOException, InterruptedException {
        final TrainResult result = train(arguments.ofSlow(List.of(model), SLOW_WORKER));
        final Histogram others = new Histogram();
        for (int worker = 0; worker < arguments.whole("--workers"); worker++) {
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
                List.of("pssp", "--staleness", bound, "--sample", Integer.toString(arguments.whole("--sample"))));
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
