package io.rubato.learn.lda;

import io.rubato.learn.words.Corpus;
import java.util.Arrays;

/**
 * The tokens of one worker's documents, word by word, in the order in which they are visited, cyclically: all tokens of
 * a word are one run, so that its row is read once.
 */
final class WorkerTokens {
    /** The topic of a token that has none. */
    static final int NO_TOPIC = -1;

    /** Per token, the handle of its document in {@link #documents}. */
    final int[] handles;
    /** Per token, its topic, or {@link #NO_TOPIC}. */
    final int[] topics;
    /** Which topics its documents have. */
    final DocumentTopics documents;
    /** Per run. */
    final int[] words;
    private final int vocabulary;
    /** Where runs begin, and last the number of tokens. */
    private final int[] starts;

    /**
     * Those of documents {@code first} to {@code end - 1}, all without a topic.
     *
     * @param documents that their handles are of, in this order
     * @param lengths   that these documents were made with
     * @param firstWord at which word the worker begins: workers that differ in it work on different rows at a time
     */
    WorkerTokens(final Corpus corpus, final int first, final int end, final DocumentTopics documents,
            final int[] lengths, final int firstWord) {
        this.documents = documents;
        vocabulary = corpus.vocabulary();
        final int[] next = new int[corpus.vocabulary() + 1];
        for (int i = corpus.starts()[first]; i < corpus.starts()[end]; i++) {
            next[place(corpus.words()[i], firstWord, corpus.vocabulary()) + 1] += corpus.counts()[i];
        }
        int runs = 0;
        for (int w = 0; w < corpus.vocabulary(); w++) {
            runs += next[w + 1] > 0 ? 1 : 0;
            next[w + 1] += next[w];
        }
        words = new int[runs];
        starts = new int[runs + 1];
        int run = 0;
        for (int w = 0; w < corpus.vocabulary(); w++) {
            if (next[w + 1] > next[w]) {
                words[run] = (w + firstWord) % corpus.vocabulary();
                starts[++run] = next[w + 1];
            }
        }
        handles = new int[starts[runs]];
        topics = new int[starts[runs]];
        Arrays.fill(topics, NO_TOPIC);
        int handle = 0;
        for (int d = first; d < end; d++) {
            for (int i = corpus.starts()[d]; i < corpus.starts()[d + 1]; i++) {
                final int place = place(corpus.words()[i], firstWord, corpus.vocabulary());
                for (int n = corpus.counts()[i]; n > 0; n--) {
                    handles[next[place]++] = handle;
                }
            }
            handle += documents.roomFor(lengths[d - first]);
        }
    }

    private static int place(final int word, final int firstWord, final int vocabulary) {
        return word < firstWord ? word - firstWord + vocabulary : word - firstWord;
    }

    int vocabulary() {
        return vocabulary;
    }

    int size() {
        return topics.length;
    }

    int runs() {
        return words.length;
    }

    int runStart(final int run) {
        return starts[run];
    }

    /** The number after a run's last token. */
    int runEnd(final int run) {
        return starts[run + 1];
    }

    /** The run in which a token lies. */
    int run(final int token) {
        final int found = Arrays.binarySearch(starts, token);
        return found < 0 ? -found - 2 : found;
    }

    /**
     * How many tokens are visited, repetitions counted, when a worker with {@code size} has finished {@code clocks}.
     */
    static long visited(final int size, final double workPerClock, final int clocks) {
        return (long) Math.floor(clocks * workPerClock * size);
    }
}
