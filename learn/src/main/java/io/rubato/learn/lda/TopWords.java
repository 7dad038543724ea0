package io.rubato.learn.lda;

import java.util.Arrays;

/** The most frequent words of each topic. */
final class TopWords {
    private static final int NONE = -1;

    private final int most;
    /** Per topic and place, the word there; those with the most tokens first. */
    private final int[] words;
    private final int[] counts;

    TopWords(final int topics, final int most) {
        this.most = most;
        words = new int[topics * most];
        counts = new int[topics * most];
        Arrays.fill(words, NONE);
    }

    /** Adds a word; of words with equally many tokens the one that was added first stays ahead. */
    void add(final int word, final int[] ofTopics) {
        for (int k = 0; k < ofTopics.length; k++) {
            final int first = k * most;
            if (ofTopics[k] <= counts[first + most - 1]) {
                continue;
            }
            int place = first + most - 1;
            for (; place > first && counts[place - 1] < ofTopics[k]; place--) {
                counts[place] = counts[place - 1];
                words[place] = words[place - 1];
            }
            counts[place] = ofTopics[k];
            words[place] = word;
        }
    }

    /** The word in a place; -1 if the topic has fewer. */
    int word(final int topic, final int place) {
        return words[topic * most + place];
    }

    int most() {
        return most;
    }
}
