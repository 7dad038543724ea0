package io.rubato.learn.lda;

import io.rubato.learn.Hash;
import io.rubato.learn.words.Corpus;
import java.util.Arrays;

/**
 * Held-out likelihood by document completion (Rosen-Zvi et al., UAI 2004; estimators of its kind are compared by
 * Wallach et al., ICML 2009): about half of the tokens of each test document, chosen by a hash of their places, are
 * observed. The topics of these are drawn by Gibbs sampling while the topics' words stay as they are; the probability
 * of each of the other tokens is the mean over {@value #SAMPLES} samples of sum_k theta_dk phi_kw, with theta_dk =
 * (n_dk + alpha) / (n_d + K alpha) and phi_kw = (n_wk + beta) / (n_k + V beta).
 */
public final class HeldOut {
    private static final int BURN_IN = 10;
    private static final int SAMPLES = 10;
    /** Streams of random numbers: the same tokens are observed whatever a job's seed. */
    private static final long SPLIT = 101;
    private static final long SWEEPS = 102;

    private final WorkerTokens observed;
    private final WorkerTokens scored;
    private final float[] scales;
    private final int[] handles;
    private final int topics;
    private final float alpha;
    private final float beta;

    /**
     * Splits some of the documents of a corpus.
     *
     * @param corpus of test documents
     * @param first  of the documents to evaluate
     * @param end    after the last of them
     * @param topics K
     * @param alpha  per topic
     * @param beta   per word
     */
    public HeldOut(final Corpus corpus, final int first, final int end, final int topics, final float alpha,
            final float beta) {
        this.topics = topics;
        this.alpha = alpha;
        this.beta = beta;
        final int[] ofObserved = new int[corpus.counts().length];
        final int[] ofScored = new int[corpus.counts().length];
        long token = 0;
        for (int i = 0; i < ofObserved.length; i++) {
            for (int n = corpus.counts()[i]; n > 0; n--) {
                ofObserved[i] += (int) (Hash.of(SPLIT, token++) & 1);
            }
            ofScored[i] = corpus.counts()[i] - ofObserved[i];
        }
        final Corpus one = part(corpus, ofObserved);
        final Corpus other = part(corpus, ofScored);
        final int[] lengths = Arrays.copyOfRange(one.lengths(), first, end);
        final DocumentTopics documents = new DocumentTopics(lengths, topics);
        observed = new WorkerTokens(one, first, end, documents, lengths, 0);
        scored = new WorkerTokens(other, first, end, documents, lengths, 0);
        handles = new int[lengths.length];
        scales = new float[lengths.length];
        int handle = 0;
        for (int d = 0; d < lengths.length; d++) {
            handles[d] = handle;
            scales[d] = 1 / (lengths[d] + topics * alpha);
            handle += documents.roomFor(lengths[d]);
        }
    }

    private static Corpus part(final Corpus corpus, final int[] counts) {
        return new Corpus(corpus.vocabulary(), corpus.starts(), corpus.words(), counts, Arrays.stream(counts).sum());
    }

    /**
     * How many tokens are scored.
     *
     * @return 0 or more
     */
    public int size() {
        return scored.size();
    }

    /** Whether anything has to be known about a word. */
    boolean[] words() {
        final boolean[] words = new boolean[observed.vocabulary()];
        for (final WorkerTokens each : new WorkerTokens[] {observed, scored}) {
            for (final int word : each.words) {
                words[word] = true;
            }
        }
        return words;
    }

    /**
     * Evaluates a model. May be called once.
     *
     * @param counts of every word that these documents have
     * @return sum of the natural logarithms of the scored tokens' probabilities
     */
    public double logLikelihood(final TopicCounts counts) {
        final TopicSampler sampler = new TopicSampler(observed, topics, counts.vocabulary(), alpha, beta, true,
                Hash.of(SWEEPS, 0));
        System.arraycopy(counts.totals(), 0, sampler.totals(), 0, topics);
        sampler.startClock();
        for (int d = 0; d < handles.length; d++) {
            observed.documents.scale(handles[d], scales[d]);
        }
        final float[] sums = new float[scored.size()];
        for (int sweep = 0; sweep < BURN_IN + SAMPLES; sweep++) {
            for (int run = 0; run < observed.runs(); run++) {
                sampler.startWord(counts, observed.words[run]);
                sampler.visit(observed.runStart(run), observed.runEnd(run));
                sampler.endWord(null, null);
            }
            for (int run = 0; sweep >= BURN_IN && run < scored.runs(); run++) {
                sampler.startWord(counts, scored.words[run]);
                sampler.score(scored.runStart(run), scored.runEnd(run), scored.handles, sums);
                sampler.endWord(null, null);
            }
        }
        double sum = 0;
        for (final float each : sums) {
            sum += Math.log((double) each / SAMPLES);
        }
        return sum;
    }
}
