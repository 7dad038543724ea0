package io.rubato.bench;

import io.rubato.learn.mf.MfOptions;
import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Trainings on one file of generated ratings. */
final class MfRuns implements AutoCloseable {
    static final int PLANTED_RANK = 4;
    static final double NOISE = 0.5;
    static final int USERS = 6_040;
    static final int ITEMS = 3_706;

    private final TemporaryDirectory directory = TemporaryDirectory.create();
    private final Path data = directory.path().resolve("ratings.tsv");
    private final Path test = directory.path().resolve("test.tsv");
    private final Path model = directory.path().resolve("model");
    private final int trainRatings;

    MfRuns(final int ratings, final long seed) throws IOException {
        PlantedRatings.generate(new PlantedRatings.Shape(USERS,
                ITEMS, ratings, PLANTED_RANK, NOISE, seed)).write(data);
        trainRatings = holdOut(ratings, seed);
    }

    /** The same for all who train: a tenth of the ratings, at random. Returns how many are left. */
    private int holdOut(final int ratings, final long seed) throws IOException {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> kept = new ArrayList<>(ratings);
        final List<String> heldOut = new ArrayList<>();
        for (final String line : Files.readAllLines(data)) {
            (random.nextDouble() < MfOptions.DEFAULT_TEST_FRACTION ? heldOut : kept).add(line);
        }
        Files.write(data, kept);
        Files.write(test, heldOut);
        return kept.size();
    }

    Path test() {
        return test;
    }

    /** Of the training. */
    int trainRatings() {
        return trainRatings;
    }

    Path data() {
        return data;
    }

    MfComparison compare(final int rank, final MfArguments arguments, final int runs)
            throws IOException, InterruptedException {
        final List<MfRun> trained = new ArrayList<>();
        final List<MfRun> bare = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            trained.add(train(arguments));
            bare.add(bare(arguments));
        }
        return new MfComparison(rank, arguments.workers(), trained, bare);
    }

    MfRun train(final MfArguments arguments) throws IOException, InterruptedException {
        final List<String> options = arguments.ofTrain();
        options.addAll(List.of("--test", test.toString(), "--test-every", Integer.toString(arguments.testEvery())));
        final TrainResult result = TrainResult.read(new TrainProgram("mf", directory.path(), data).run(options));
        return MfRun.of(result, arguments);
    }

    MfRun bare(final MfArguments arguments) {
        try (Child child = Child.start("bare learner", Child.workerFlags(), List.of("bare"))) {
            return MfRun.of(child.ask(BareRole.command(data, test, model, arguments)));
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
