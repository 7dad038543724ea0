package io.rubato.learn.mf;

import io.rubato.Learner;
import io.rubato.Worker;
import io.rubato.learn.InputException;
import io.rubato.learn.model.ModelDirectory;
import io.rubato.learn.ratings.Ratings;
import io.rubato.learn.ratings.RatingsReader;
import io.rubato.learn.ratings.Split;
import java.io.IOException;

/**
 * Matrix factorization by stochastic gradient descent: a rating is predicted as {@code mean + b_u + b_i + p_u.q_i},
 * fitted with L2. Users are spread over the workers by number of ratings; a worker keeps its users' rows to itself and
 * shares item rows through a table.
 *
 * <p>Tables, rows as {@code [factors 0..rank-1, bias]} where not said otherwise:
 *
 * <table>
 * <caption>The tables of the learner</caption>
 * <tr><th>name</th><th>type</th><th>row</th><th>consistency</th></tr>
 * <tr><td>items</td><td>F32</td><td>per item</td><td>as configured</td></tr>
 * <tr><td>users</td><td>F32</td><td>per user, filled at the end, only when a model is written</td><td>BSP</td></tr>
 * <tr><td>evaluation</td><td>F64</td><td>per worker: train sum of squared errors, count, test sum, count</td>
 * <td>BSP</td></tr>
 * <tr><td>audit</td><td>I64</td><td>per worker: ratings processed, item deltas made, clocks of training</td>
 * <td>BSP</td></tr>
 * </table>
 *
 * <p>Clock 0 sets the initial factors, the following {@code clocks} train, and one more evaluates and collects. At the
 * end worker 0 checks the audit totals against what must have been processed, and fails with {@link
 * IllegalStateException} if a delta to that table was lost or doubled.
 *
 * <p>One instance serves all workers of a process, on any threads.
 */
public final class MatrixFactorization implements Learner {
    private final MfOptions options;
    private final Split split;

    private MatrixFactorization(final MfOptions options, final Split split) {
        this.options = options;
        this.split = split;
    }

    /**
     * Reads and checks the data, and that the model's directory can be written to.
     *
     * @param options of the job
     * @return a learner that is ready to run
     * @throws InputException naming what cannot be used
     */
    public static MatrixFactorization load(final MfOptions options) {
        if (options.out() != null) {
            ModelDirectory.requireWritable(options.out());
        }
        final Ratings all = RatingsReader.read(options.data());
        final Split split = options.test() == null
                ? Split.random(all, options.testFraction(), options.seed())
                : Split.files(all, RatingsReader.read(options.test()));
        if (split.train().length == 0) {
            throw new InputException(options.data(),
                    "expected enough ratings to train on, but all " + all.size() + " were held out for the test");
        }
        return new MatrixFactorization(options, split);
    }

    /**
     * The data.
     *
     * @return train and test ratings
     */
    public Split split() {
        return split;
    }

    @Override
    public void run(final Worker worker) throws IOException {
        try (Training training = new Training(options, split, worker)) {
            training.run(worker, options.clocks());
        }
    }
}
