package io.rubato.bench;

import io.rubato.learn.mf.MatrixFactorization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The learner alone, on as many threads as the program has workers, without a parameter server. */
final class BareRole implements ChildMain.Role {
    private static final String TRAIN = "train";

    /** The command for {@link Child}. */
    static Object[] command(final Path data, final Path test, final Path model, final MfArguments arguments) {
        final List<Object> words = new ArrayList<>(List.of(TRAIN, data, test, model));
        words.addAll(arguments.ofTrain());
        return words.toArray();
    }

    @Override
    public Map<String, Double> on(final String... words) throws IOException {
        if (!words[0].equals(TRAIN)) {
            throw new IllegalArgumentException("the bare learner knows no " + words[0]);
        }
        return train(Path.of(words[1]), Path.of(words[2]), Path.of(words[3]),
                new MfArguments(Arrays.asList(words).subList(4, words.length))).toMap();
    }

    /** Its seconds in all include reading the data, as those of the program do. */
    static MfRun train(final Path data, final Path test, final Path model, final MfArguments arguments)
            throws IOException {
        final long start = System.nanoTime();
        final SharedMemoryJob.Report report = SharedMemoryJob.run(arguments.workers(),
                MatrixFactorization.load(arguments.ofLearner(data, test, model)));
        final double seconds = (System.nanoTime() - start) / 1e9;
        return new MfRun(report.items() / report.trainSeconds(), report.result().test(), seconds,
                report.trainSeconds(), Double.NaN, report.curve(), report.tests().roots(),
                arguments.testEvery() * arguments.workPerClock());
    }
}
