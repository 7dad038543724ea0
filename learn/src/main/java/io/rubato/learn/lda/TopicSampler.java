package io.rubato.learn.lda;

import static io.rubato.learn.lda.WorkerTokens.NO_TOPIC;

import io.rubato.Row;
import io.rubato.kernel.RowKernels;

/**
 * Gibbs sampling, word by word (Yu et al., "A Scalable Asynchronous Distributed Algorithm for Topic Modeling", WWW
 * 2015, with the buckets of Yao, Mimno and McCallum, KDD 2009). A token of word w in document d gets topic k with a
 * probability in proportion to
 *
 * <pre>
 *  n_dk * f_k  +  alpha * n_wk / (n_k + V beta)  +  alpha * beta / (n_k + V beta),
 *  f_k = (n_wk + beta) / (n_k + V beta)
 * </pre>
 *
 * where no count holds the token itself. The first term is exact, and costs as many steps as the document has topics,
 * or none for a token like the one before. The other two are sums over what was counted a while ago, the second for
 * each {@value #LEAST_VISITS} tokens of a word or more, the third for each clock: a draw from them is a binary search.
 *
 * <p>Holds all that has one number per topic for one word at a time: for 10,000 topics a processor's second-level
 * cache.
 */
final class TopicSampler {
    /** Tokens of a word after which what is known about it is summed anew; more if it has more topics. */
    private static final int LEAST_VISITS = 256;
    private static final int MOST_TRIES = 64;
    /** Tokens whose documents are brought near at a time. */
    private static final int TOUCHED = 32;
    /** Below it, the logarithm of a product of probabilities is taken. */
    private static final double SMALL = 1e-250;
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private final WorkerTokens tokens;
    private final DocumentTopics documents;
    private final int topics;
    private final float alpha;
    private final float beta;
    private final float betaSum;
    /** Whether the counts of words are given and only those of documents change. */
    private final boolean isFrozen;

    /** n_k. */
    private final int[] totals;
    /** 1 / (n_k + V beta). */
    private final float[] inverse;
    /** 1 / (n_k - 1 + V beta), for a token of the topic. */
    private final float[] inverseOfOthers;
    /** Sums of {@link #inverse}, up to each topic, as they were at the clock's start. */
    private final float[] inverseSums;

    /** n_wk. */
    private final int[] counts;
    /** f_k. */
    private final float[] weights;
    /** Those k with n_wk above 0, or changed; perhaps more, and some twice. */
    private final int[] present;
    private int presentSize;
    /** Sums of n_wk / (n_k + V beta) up to each of the first {@link #summed} of them, as they were a while ago. */
    private final float[] presentSums;
    private int summed;
    private float presentSum;

    /** What was added to n_wk. */
    private final int[] changes;
    /** What was added to n_k since {@link #totalChanges} was called. */
    private final int[] totalChanges;
    private long state;
    /** The token after those whose documents are near. */
    private int near;
    private int used;

    /** Everything 0. */
    TopicSampler(final WorkerTokens tokens, final int topics, final int vocabulary, final float alpha,
            final float beta, final boolean isFrozen, final long seed) {
        this.tokens = tokens;
        this.documents = tokens.documents;
        this.topics = topics;
        this.alpha = alpha;
        this.beta = beta;
        this.betaSum = vocabulary * beta;
        this.isFrozen = isFrozen;
        this.state = seed;
        totals = new int[topics];
        inverse = new float[topics];
        inverseOfOthers = new float[topics];
        inverseSums = new float[topics];
        counts = new int[topics];
        weights = new float[topics];
        present = new int[2 * topics + LEAST_VISITS];
        presentSums = new float[topics];
        changes = new int[topics];
        totalChanges = new int[topics];
    }

    /** n_k, to be written before {@link #startClock}. */
    int[] totals() {
        return totals;
    }

    /** What was added to n_k; whoever takes it sets it to 0. */
    int[] totalChanges() {
        return totalChanges;
    }

    /** Takes new totals. */
    void startClock() {
        float sum = 0;
        for (int k = 0; k < topics; k++) {
            inverse[k] = 1 / (totals[k] + betaSum);
            inverseOfOthers[k] = 1 / (totals[k] - 1 + betaSum);
            weights[k] = beta * inverse[k];
            sum += inverse[k];
            inverseSums[k] = sum;
        }
    }

    /**
     * Takes the counts of another word from its row; the word before must have been ended, as what is 0 is not read.
     */
    void startWord(final Row row) {
        // Most counts of a rare word are 0.
        presentSize = RowKernels.BEST.nonZeroInts(row.segment(), row.offset(), topics, present);
        for (int i = 0; i < presentSize; i++) {
            take(present[i], row.getInt(present[i]));
        }
        sumUp();
    }

    private void take(final int topic, final int count) {
        counts[topic] = count;
        weights[topic] = (count + beta) * inverse[topic];
    }

    /** Takes the counts of another word, which has nothing but these. */
    void startWord(final TopicCounts given, final int word) {
        presentSize = 0;
        for (int i = given.start(word); i < given.end(word); i++) {
            take(given.topic(i), given.count(i));
            present[presentSize++] = given.topic(i);
        }
        sumUp();
    }

    private void sumUp() {
        float sum = 0;
        for (int i = 0; i < presentSize; i++) {
            final int k = present[i];
            sum += counts[k] * inverse[k];
            presentSums[i] = sum;
        }
        summed = presentSize;
        presentSum = sum;
    }

    /** Sums up anew what has changed meanwhile. */
    private void sumUpAgain() {
        final int size = presentSize;
        presentSize = 0;
        for (int i = 0; i < size; i++) {
            final int k = present[i];
            // A count below 0 has been seen in this loop.
            if (counts[k] > 0 || counts[k] == 0 && changes[k] != 0) {
                counts[k] = ~counts[k];
                present[presentSize++] = k;
            }
        }
        for (int i = 0; i < presentSize; i++) {
            counts[present[i]] = ~counts[present[i]];
        }
        sumUp();
    }

    /** Gives each token of the word a topic at random. */
    void place(final int from, final int to) {
        for (int i = from; i < to; i++) {
            final int topic = (int) ((nextLong() >>> 32) * topics >>> 32);
            if (counts[topic]++ == 0) {
                present[presentSize++] = topic;
            }
            changes[topic]++;
            tokens.topics[i] = topic;
            documents.add(tokens.handles[i], topic);
        }
    }

    /**
     * Draws the topics of tokens of the word.
     *
     * @return the sum of the logarithms of what each token's probability was, given all others
     */
    double visit(final int from, final int to) {
        double logarithms = 0;
        if (from > near || from < near - TOUCHED) {
            near = from;
        }
        for (int start = from; start < to;) {
            final int end = (int) Math.min(to, start + (long) Math.max(LEAST_VISITS, summed));
            logarithms += visitSome(start, end);
            start = end;
            if (start < to && !isFrozen) {
                sumUpAgain();
            }
        }
        return logarithms;
    }

    private double visitSome(final int from, final int to) {
        final int[] handles = tokens.handles;
        final int[] assigned = tokens.topics;
        final float smoothing = beta * inverseSums[topics - 1];
        double logarithms = 0;
        double product = 1;
        boolean kept = false;
        int entryOfOld = 0;
        float ofDocument = 0;
        for (int i = from; i < to; i++) {
            if (i == near) {
                bringNear(i);
            }
            final int handle = handles[i];
            final int old = assigned[i];
            // After a token that kept its topic all is as it was for that one.
            final boolean isLikeTheLast = kept && handle == handles[i - 1] && old == assigned[i - 1];
            final boolean excludes = !isFrozen;
            float oldWeight = 0;
            float ofWord = presentSum;
            if (isLikeTheLast) {
                documents.excludeFrom(handle, entryOfOld);
            } else if (old != NO_TOPIC) {
                entryOfOld = documents.exclude(handle, old);
            }
            if (excludes) {
                oldWeight = weights[old];
                weights[old] = (counts[old] - 1 + beta) * inverseOfOthers[old];
                ofWord = Math.max(0, ofWord - inverse[old]);
            }
            if (!isLikeTheLast) {
                ofDocument = documents.weigh(handle, weights);
            }
            final float total = ofDocument + alpha * (ofWord + smoothing);
            product *= (double) total * documents.scale(handle);
            if (product < SMALL) {
                logarithms += Math.log(product);
                product = 1;
            }
            final float at = nextFloat() * total;
            final int chosen;
            if (at < ofDocument) {
                final int entry = documents.drawn(handle, weights, at);
                chosen = documents.topic(handle, entry);
                if (chosen != old && old != NO_TOPIC) {
                    documents.moveToEntry(handle, entryOfOld, entry);
                }
            } else {
                chosen = at < ofDocument + alpha * ofWord ? drawOfWord(old) : draw(inverseSums, topics);
                if (chosen != old && old != NO_TOPIC) {
                    documents.moveToTopic(handle, entryOfOld, chosen);
                }
            }
            if (old == NO_TOPIC) {
                documents.add(handle, chosen);
            } else if (chosen == old) {
                documents.include(handle, entryOfOld);
            }
            kept = chosen == old;
            if (!kept) {
                assigned[i] = chosen;
                if (excludes) {
                    change(old, chosen);
                }
            } else if (excludes) {
                weights[old] = oldWeight;
            }
        }
        return logarithms + Math.log(product);
    }

    private void bringNear(final int from) {
        near = Math.min(from + TOUCHED, tokens.size());
        used += documents.touch(tokens.handles, from, near);
    }

    /** The weight of the old topic is that without the token already. */
    private void change(final int old, final int chosen) {
        counts[old]--;
        changes[old]--;
        totals[old]--;
        inverse[old] = inverseOfOthers[old];
        inverseOfOthers[old] = 1 / (totals[old] - 1 + betaSum);
        if (counts[chosen] == 0) {
            present[presentSize++] = chosen;
        }
        counts[chosen]++;
        changes[chosen]++;
        totals[chosen]++;
        inverseOfOthers[chosen] = inverse[chosen];
        inverse[chosen] = 1 / (totals[chosen] + betaSum);
        weights[chosen] = (counts[chosen] + beta) * inverse[chosen];
    }

    /** A topic in proportion to n_wk / (n_k + V beta). */
    private int drawOfWord(final int old) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            final int topic = present[draw(presentSums, summed)];
            // One of the tokens that were counted is the one that is drawn for.
            if (isFrozen || topic != old || nextFloat() * counts[old] >= 1) {
                return topic;
            }
        }
        return old;
    }

    /** An index in proportion to the steps of rising sums. */
    private int draw(final float[] sums, final int size) {
        final float at = nextFloat() * sums[size - 1];
        int low = 0;
        int high = size - 1;
        while (low < high) {
            final int middle = low + high >>> 1;
            if (sums[middle] <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * Sum over topics of the probability that each token's document has the topic, times that of the word in it.
     *
     * @param sums where they are added, one per token
     */
    void score(final int from, final int to, final int[] handles, final float[] sums) {
        final float ofAll = alpha * (presentSum + beta * inverseSums[topics - 1]);
        for (int i = from; i < to; i++) {
            final float total = documents.weigh(handles[i], weights) + ofAll;
            sums[i] += total * documents.scale(handles[i]);
        }
    }

    /**
     * Ends the visit of a word.
     *
     * @param columns topics whose count changed
     * @param deltas  by how much
     * @return how many
     */
    int endWord(final int[] columns, final long[] deltas) {
        int changed = 0;
        for (int i = 0; i < presentSize; i++) {
            final int k = present[i];
            weights[k] = beta * inverse[k];
            counts[k] = 0;
            final int change = changes[k];
            if (change != 0) {
                columns[changed] = k;
                deltas[changed++] = change;
                totalChanges[k] += change;
                changes[k] = 0;
            }
        }
        presentSize = 0;
        return changed;
    }

    private float nextFloat() {
        return (nextLong() >>> 40) * 0x1p-24f;
    }

    /** SplitMix64. */
    private long nextLong() {
        state += GAMMA;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
