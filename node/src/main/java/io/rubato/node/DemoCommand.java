package io.rubato.node;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rubato demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Trains a matrix factorization on generated ratings, and compares it with the model they come "
                + "from. --clocks, --rank, --learning-rate and --regularization are 80, 8, 0.05 and 1 by default.")
final class DemoCommand implements Callable<Integer> {
    private static final int PLANTED_RANK = 4;
    private static final double NOISE = 0.5;
    /** Small steps: the noise of larger ones would hide how close the model comes. */
    private static final Map<String, String> DEFAULTS = Map.of("clocks", "80", JobConfig.OPTION + MfType.RANK, "8",
            JobConfig.OPTION + MfType.LEARNING_RATE, "0.05", JobConfig.OPTION + MfType.REGULARIZATION, "1");

    @Option(names = "--users", paramLabel = "N", defaultValue = "2000",
            description = "Users to invent (default ${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--items", paramLabel = "N", defaultValue = "1500",
            description = "Items to invent (default ${DEFAULT-VALUE}).")
    private int items;

    @Option(names = "--ratings", paramLabel = "N", defaultValue = "1000000",
            description = "Ratings to draw (default ${DEFAULT-VALUE}).")
    private int ratings;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the model goes (default: nowhere).")
    private Path out;

    @Mixin
    private MfCommandOptions mf;

    @Mixin
    private JobOptions job;

    @Mixin
    private LaunchOptions launch;

    @Override
    public Integer call() {
        final Map<String, String> values = job.values();
        mf.putInto(values);
        DEFAULTS.forEach(values::putIfAbsent);
        values.put("learner", "mf");
        values.put("noise-floor", Double.toString(NOISE));
        if (out != null) {
            values.put("out", out.toAbsolutePath().toString());
            Outputs.probe("--out " + out, out.toAbsolutePath());
        }
        values.put("data", "generated");
        final JobConfig intended = JobConfig.of(values);
        MfType.checkOptions(intended);
        final PlantedRatings.Shape shape = shape(intended.seed());
        System.err.println(Text.of(
                "Drawing %,d ratings of %,d users for %,d items from a model of rank %d with noise %.2f, seed %d.",
                ratings, users, items, PLANTED_RANK, NOISE, shape.seed()));
        return new Launcher(JvmCommand.create(), System.err).run(launch.layout(), run -> {
            values.put("data", run.path().resolve("ratings.tsv").toString());
            return JobConfig.of(values);
        }, config -> {
            final Path file = Path.of(config.data());
            try {
                PlantedRatings.generate(shape).write(file);
            } catch (final IOException e) {
                throw new FailureException("cannot write " + file + ": " + e.getMessage(), e);
            }
        });
    }

    private PlantedRatings.Shape shape(final long seed) {
        try {
            return new PlantedRatings.Shape(users, items, ratings, PLANTED_RANK, NOISE, seed);
        } catch (final IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }
}
