package io.rubato.node;

import io.rubato.learn.mf.MfOptions;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of matrix factorization, as text; {@link MfType} judges them. */
final class MfCommandOptions {
    @Option(names = "--rank", paramLabel = "K",
            description = "Factors per user and item; 0 trains biases only (default " + MfOptions.DEFAULT_RANK + ").")
    private String rank;

    @Option(names = "--learning-rate", paramLabel = "ETA",
            description = "Step of the gradient descent for the first rating of a row; falls as the row's errors add up "
                    + "(default " + MfOptions.DEFAULT_LEARNING_RATE + ").")
    private String learningRate;

    @Option(names = "--regularization", paramLabel = "LAMBDA",
            description = "Weight of the squared factors of each row; its bias counts an eighth (default "
                    + MfOptions.DEFAULT_REGULARIZATION + ").")
    private String regularization;

    @Option(names = "--test-every", paramLabel = "N",
            description = "Evaluate on the test ratings after every N-th clock, too, which takes its time (default 0: "
                    + "only at the end).")
    private String testEvery;

    /** Adds those that were given to a job's keys. */
    void putInto(final Map<String, String> values) {
        JobOptions.put(values, JobConfig.OPTION + MfType.RANK, rank);
        JobOptions.put(values, JobConfig.OPTION + MfType.LEARNING_RATE, learningRate);
        JobOptions.put(values, JobConfig.OPTION + MfType.REGULARIZATION, regularization);
        JobOptions.put(values, JobConfig.OPTION + MfType.TEST_EVERY, testEvery);
    }
}
