package io.rubato.learn.lda;

import java.util.Arrays;

/** How often each topic has been assigned to each word; of every word only the topics that it has. */
public final class TopicCounts {
    private final int[] totals;
    private final int[] starts;
    private final int[] ends;
    private int[] topics = new int[1 << 12];
    private int[] counts = new int[1 << 12];
    private int size;

    /**
     * Without words.
     *
     * @param vocabulary how many words there are
     * @param totals     per topic, how often it has been assigned to any word; shared, not copied
     */
    public TopicCounts(final int vocabulary, final int[] totals) {
        this.totals = totals;
        starts = new int[vocabulary];
        ends = new int[vocabulary];
    }

    /**
     * Adds a word.
     *
     * @param word     its number
     * @param ofTopics per topic, how often it has been assigned to the word
     */
    public void add(final int word, final int[] ofTopics) {
        starts[word] = size;
        for (int k = 0; k < totals.length; k++) {
            if (ofTopics[k] != 0) {
                if (size == topics.length) {
                    topics = Arrays.copyOf(topics, 2 * size);
                    counts = Arrays.copyOf(counts, 2 * size);
                }
                topics[size] = k;
                counts[size++] = ofTopics[k];
            }
        }
        ends[word] = size;
    }

    int vocabulary() {
        return starts.length;
    }

    int[] totals() {
        return totals;
    }

    int start(final int word) {
        return starts[word];
    }

    int end(final int word) {
        return ends[word];
    }

    int topic(final int i) {
        return topics[i];
    }

    int count(final int i) {
        return counts[i];
    }
}
