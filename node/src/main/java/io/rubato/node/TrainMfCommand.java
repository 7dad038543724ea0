package io.rubato.node;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rubato train mf}. */
@Command(name = "mf", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Trains a matrix factorization with biases on ratings: lines of user item rating [timestamp], "
                + "separated by tab, comma, space or '::', plain or gzipped.")
final class TrainMfCommand implements Callable<Integer> {
    static final String DEFAULT_OUT = "rubato-model";

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "Ratings to train on.")
    private Path data;

    @Option(names = "--test", paramLabel = "FILE",
            description = "Ratings to test on (default: a tenth of the data, held out by seed).")
    private Path test;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = DEFAULT_OUT,
            description = "Where the model goes (default ${DEFAULT-VALUE}).")
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
        values.put("learner", "mf");
        return Launcher.train(launch, values, data, test, out);
    }
}
