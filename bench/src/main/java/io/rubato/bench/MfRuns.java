package io.rubato.bench;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Trainings on one file of generated ratings. */
final class MfRuns implements AutoCloseable {
    static final int PLANTED_RANK = 4;
    static final double NOISE = 0.5;
    static final int USERS = 6_040;
    static final int ITEMS = 3_706;
    private final TemporaryDirectory directory = TemporaryDirectory.create();
    private final Path data = directory.path().resolve("ratings.tsv");

    MfRuns(final int ratings, final long seed) throws IOException {
        PlantedRatings.generate(new PlantedRatings.Shape(USERS,
                ITEMS, ratings, PLANTED_RANK, NOISE, seed)).write(data);
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
        return MfRun.of(TrainResult.read(new TrainProgram("mf", directory.path(), data).run(arguments.ofTrain())));
    }

    MfRun bare(final MfArguments arguments) {
        try (Child child = Child.start("bare learner", Child.WORKER_FLAGS, List.of("bare"))) {
            return MfRun.of(child.ask(BareRole.command(data, arguments)));
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
