package io.rubato.bench;

import io.rubato.learn.mf.MatrixFactorization;
import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code scripts/bench mf}: the whole program trains a matrix factorization on a million generated ratings, in
 * processes of its own, and the same learner does so on as many threads of this process without a parameter server.
 * They take turns, so that whatever else the machine does falls on both.
 *
 * <p>The first bare run starts cold, as every run of the program does; the later ones find compiled code.
 */
public final class MfMeasurement {
    private static final int USERS = 6_040;
    private static final int ITEMS = 3_706;
    private static final int RATINGS = 1_000_000;
    private static final int PLANTED_RANK = 4;
    private static final double NOISE = 0.5;

    private final MfArguments arguments;
    private final PrintStream out;
    private final Path directory;
    private final Path data;

    private MfMeasurement(final MfArguments arguments, final PrintStream out, final Path directory) {
        this.arguments = arguments;
        this.out = out;
        this.directory = directory;
        this.data = directory.resolve("ratings.tsv");
    }

    /**
     * Measures and prints a table. Ends the JVM with exit code 2 after wrong usage, 1 if a training fails.
     *
     * @param arguments see {@link MfArguments}
     */
    public static void main(final String[] arguments) {
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            System.out.println(MfArguments.USAGE);
            return;
        }
        System.exit(run(arguments));
    }

    private static int run(final String[] arguments) {
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            new MfMeasurement(new MfArguments(arguments), System.out, directory.path()).run();
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
        generate();
        say("%-9s %14s %10s %9s %11s", "run", "ratings/s", "test RMSE", "seconds", "training s");
        final List<MfRun> trained = new ArrayList<>();
        final List<MfRun> bare = new ArrayList<>();
        for (int i = 1; i <= arguments.runs(); i++) {
            trained.add(train());
            say("train " + i, trained.getLast());
            bare.add(bare());
            say("bare " + i, bare.getLast());
        }
        final MfRun trainedMedian = MfRun.median(trained);
        final MfRun bareMedian = MfRun.median(bare);
        say("train med", trainedMedian);
        say("bare med", bareMedian);
        say("train/bare: %.2f of the ratings per second (against the cold bare run: %.2f)",
                trainedMedian.ratingsPerSecond() / bareMedian.ratingsPerSecond(),
                trainedMedian.ratingsPerSecond() / bare.getFirst().ratingsPerSecond());
    }

    private void generate() throws IOException {
        final PlantedRatings.Shape shape =
                new PlantedRatings.Shape(USERS, ITEMS, RATINGS, PLANTED_RANK, NOISE, arguments.seed());
        PlantedRatings.generate(shape).write(data);
        say("%,d ratings of %,d users for %,d items; planted rank %d, noise %.2f, seed %d", RATINGS, USERS, ITEMS,
                PLANTED_RANK, NOISE, arguments.seed());
        say("train: scripts/rubato train mf %s", String.join(" ", arguments.ofTrain()));
        say("bare: the same learner on %d threads of one process, without a parameter server", arguments.workers());
    }

    private MfRun train() throws IOException, InterruptedException {
        return MfRun.read(new TrainProgram(directory, data).run(arguments.ofTrain()));
    }

    private MfRun bare() {
        return bare(arguments, data);
    }

    /** The learner alone; its seconds in all include reading the data, as those of the program do. */
    static MfRun bare(final MfArguments arguments, final Path data) {
        final long start = System.nanoTime();
        final SharedMemoryJob.Report report = SharedMemoryJob.run(arguments.workers(),
                MatrixFactorization.load(arguments.ofLearner(data)));
        final double seconds = (System.nanoTime() - start) / 1e9;
        return new MfRun(report.items() / report.trainSeconds(), report.result().test(), seconds,
                report.trainSeconds());
    }

    private void say(final String name, final MfRun run) {
        say("%-9s %,14.0f %10.4f %9.2f %11.2f", name, run.ratingsPerSecond(), run.testRmse(), run.seconds(),
                run.trainSeconds());
    }

    private void say(final String format, final Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
