package io.rubato.learn.lda;

import io.rubato.Learner;
import io.rubato.Worker;
import io.rubato.learn.InputException;
import io.rubato.learn.model.ModelDirectory;
import io.rubato.learn.words.Corpus;
import io.rubato.learn.words.DocwordReader;
import io.rubato.learn.words.VocabularyReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Latent Dirichlet allocation by Gibbs sampling: every token has a topic, drawn again and again in proportion to how
 * often its document has that topic and that topic has the word. Documents are spread over the workers by number of
 * tokens; a worker keeps what belongs to its documents to itself, and shares through tables how often each word has
 * each topic. It visits its tokens word by word, so that a row is read and changed once in a pass.
 *
 * <table>
 * <caption>The tables of the learner</caption>
 * <tr><th>name</th><th>type</th><th>row</th><th>consistency</th></tr>
 * <tr><td>words</td><td>I32</td><td>per word: number of its tokens with each topic</td><td>as configured</td></tr>
 * <tr><td>totals</td><td>I32</td><td>one: number of tokens with each topic</td><td>as configured</td></tr>
 * <tr><td>evaluation</td><td>F64</td><td>per worker: train sum of log likelihoods, count, test sum, count</td>
 * <td>BSP</td></tr>
 * </table>
 *
 * <p>Clock 0 gives each token a random topic, the following {@code clocks} train, and one more evaluates. The objective
 * of a clock is the mean logarithm of what each visited token's probability was, given all others. At the end worker 0
 * checks that the counts of each word add up to its tokens and those of each topic to its total, and fails with {@link
 * IllegalStateException} if a delta was lost or doubled.
 *
 * <p>One instance serves all workers of a process, on any threads.
 */
public final class LatentDirichletAllocation implements Learner {
    /** What a worker keeps per token, at least. */
    private static final long BYTES_PER_TOKEN = 16;

    private final LdaOptions options;
    private final LdaData data;

    private LatentDirichletAllocation(final LdaOptions options, final LdaData data) {
        this.options = options;
        this.data = data;
    }

    /**
     * Reads and checks the data, and that the model's directory can be written to.
     *
     * @param options of the job
     * @return a learner that is ready to run
     * @throws InputException naming what cannot be used
     */
    public static LatentDirichletAllocation load(final LdaOptions options) {
        if (options.out() != null) {
            ModelDirectory.requireWritable(options.out());
        }
        final Corpus train = DocwordReader.read(options.data());
        final long most = Runtime.getRuntime().maxMemory() / BYTES_PER_TOKEN;
        requireFits(options.data(), train.tokens(), most);
        final Corpus test = options.test() == null ? null : DocwordReader.read(options.test());
        if (test != null) {
            requireFits(options.test(), test.tokens(), most - train.tokens());
        }
        if (test != null && test.vocabulary() != train.vocabulary()) {
            throw new InputException(options.test(), "expected the " + train.vocabulary() + " words of "
                    + options.data() + ", found " + test.vocabulary());
        }
        final String[] names = options.vocabulary() == null ? null
                : VocabularyReader.read(options.vocabulary(), train.vocabulary());
        return new LatentDirichletAllocation(options, new LdaData(train, test, names));
    }

    private static void requireFits(final Path file, final long tokens, final long most) {
        if (tokens > most) {
            throw new InputException(file,
                    "expected at most " + most + " tokens, which fit this machine's memory, found " + tokens);
        }
    }

    LdaData data() {
        return data;
    }

    @Override
    public void run(final Worker worker) throws IOException {
        try (Training training = new Training(options, data, worker)) {
            training.run(worker, options.clocks());
        }
    }
}
