package io.rubato.learn.lda;

import io.rubato.JobResult;
import io.rubato.Row;
import io.rubato.Worker;
import io.rubato.learn.ClockedTraining;
import io.rubato.learn.EvaluationTable;
import io.rubato.learn.Hash;
import io.rubato.learn.Partition;
import java.io.IOException;
import java.util.Arrays;

/** One worker's part, from the first topics to the last; call the methods in the order in which they stand. */
final class Training implements ClockedTraining {
    static final String METRIC = "logLikelihoodPerToken";
    /** Bytes of rows that are asked for ahead of the row that is read. */
    private static final int LOOKAHEAD_BYTES = 4 << 20;
    private static final int MOST_LOOKAHEAD = 512;
    private static final int TOPIC_STREAM = 1;

    private final LdaOptions options;
    private final LdaData data;
    private final Worker worker;
    private final WorkerTokens tokens;
    private final int[] lengths;
    private final TopicSampler sampler;
    private final CountTables counts;
    private final EvaluationTable evaluation;
    private final int lookahead;

    Training(final LdaOptions options, final LdaData data, final Worker worker) {
        this.options = options;
        this.data = data;
        this.worker = worker;
        final int[] all = data.train().lengths();
        final int first = Partition.first(all, worker.index(), worker.workers());
        final int end = Partition.first(all, worker.index() + 1, worker.workers());
        final int vocabulary = data.train().vocabulary();
        lengths = Arrays.copyOfRange(all, first, end);
        tokens = new WorkerTokens(data.train(), first, end, new DocumentTopics(lengths, options.topics()), lengths,
                (int) ((long) vocabulary * worker.index() / worker.workers()));
        sampler = new TopicSampler(tokens, options.topics(), vocabulary, options.alpha(), options.beta(), false,
                Hash.of(Hash.of(options.seed(), TOPIC_STREAM), worker.index()));
        counts = new CountTables(options, vocabulary, worker);
        evaluation = new EvaluationTable(worker);
        lookahead = Math.clamp(LOOKAHEAD_BYTES / (Integer.BYTES * options.topics()), 1, MOST_LOOKAHEAD);
    }

    WorkerTokens tokens() {
        return tokens;
    }

    CountTables counts() {
        return counts;
    }

    /** Clock 0: a random topic for each token. */
    @Override
    public void initialize() {
        for (int run = 0; run < tokens.runs(); run++) {
            sampler.place(tokens.runStart(run), tokens.runEnd(run));
            counts.endWord(tokens.words[run], sampler);
        }
        counts.endClock(sampler);
        worker.clock();
        scaleDocuments(1);
    }

    /** A document's scale is 1 over the sum of its prior and its tokens, less some. */
    private void scaleDocuments(final int less) {
        int handle = 0;
        for (final int length : lengths) {
            tokens.documents.scale(handle, 1 / (length - less + options.topics() * options.alpha()));
            handle += tokens.documents.roomFor(length);
        }
    }

    /** One clock: this worker's next tokens. */
    @Override
    public void trainClock(final int clock) {
        final int size = tokens.size();
        final long from = WorkerTokens.visited(size, options.workPerClock(), clock);
        final long to = WorkerTokens.visited(size, options.workPerClock(), clock + 1);
        counts.readTotals(sampler.totals());
        sampler.startClock();
        double logarithms = 0;
        long next = from;
        while (next < to) {
            final int start = (int) (next % size);
            final int end = (int) Math.min(size, start + (to - next));
            logarithms += visit(start, end);
            next += end - start;
        }
        counts.endClock(sampler);
        worker.report(to - from, logarithms, to - from);
        worker.clock();
    }

    private double visit(final int start, final int end) {
        double logarithms = 0;
        final int first = tokens.run(start);
        int asked = first;
        int run = first;
        for (int from = start; from < end; run++) {
            while (asked < tokens.runs() && asked <= run + lookahead && tokens.runStart(asked) < end) {
                counts.refreshWord(tokens.words[asked++]);
            }
            final int to = Math.min(end, tokens.runEnd(run));
            sampler.startWord(counts.readWord(tokens.words[run]));
            logarithms += sampler.visit(from, to);
            counts.endWord(tokens.words[run], sampler);
            from = to;
        }
        return logarithms;
    }

    /** The likelihood of this worker's documents, and of its share of the held-out ones, under the final counts. */
    @Override
    public void finish() {
        final HeldOut heldOut = data.test() == null ? null : heldOut();
        final boolean[] ofTest = heldOut == null ? new boolean[data.train().vocabulary()] : heldOut.words();
        final int[] runOf = new int[ofTest.length];
        Arrays.fill(runOf, -1);
        for (int run = 0; run < tokens.runs(); run++) {
            runOf[tokens.words[run]] = run;
        }
        counts.readFinalTotals(sampler.totals());
        sampler.startClock();
        scaleDocuments(0);
        final TopicCounts known = new TopicCounts(ofTest.length, sampler.totals());
        final int[] ofTopics = new int[options.topics()];
        final float[] probabilities = new float[tokens.size()];
        int asked = 0;
        for (int word = 0; word < ofTest.length; word++) {
            for (; asked < ofTest.length && asked <= word + lookahead; asked++) {
                if (ofTest[asked] || runOf[asked] >= 0) {
                    counts.refreshFinalWord(asked);
                }
            }
            if (!ofTest[word] && runOf[word] < 0) {
                continue;
            }
            final Row row = counts.readFinalWord(word);
            if (ofTest[word]) {
                CountTables.copy(row, ofTopics);
                known.add(word, ofTopics);
            }
            if (runOf[word] >= 0) {
                sampler.startWord(row);
                sampler.score(tokens.runStart(runOf[word]), tokens.runEnd(runOf[word]), tokens.handles, probabilities);
                counts.endWord(word, sampler);
            }
        }
        double train = 0;
        for (final float probability : probabilities) {
            train += Math.log(probability);
        }
        evaluation.add(train, tokens.size(), heldOut == null ? 0 : heldOut.logLikelihood(known),
                heldOut == null ? 0 : heldOut.size());
        worker.clock();
    }

    private HeldOut heldOut() {
        final int[] all = data.test().lengths();
        return new HeldOut(data.test(), Partition.first(all, worker.index(), worker.workers()),
                Partition.first(all, worker.index() + 1, worker.workers()), options.topics(), options.alpha(),
                options.beta());
    }

    /** For worker 0: checks that the counts are whole, and writes the model. */
    @Override
    public JobResult collect() throws IOException {
        final JobResult result = new JobResult(METRIC, evaluation.mean(true), evaluation.mean(false),
                options.out() == null ? "" : options.out().toString());
        new LdaModel(options, data, result).write(counts, lookahead);
        return result;
    }

    @Override
    public void close() {
        counts.close();
    }
}
