package io.rubato.learn.words;

import java.util.Arrays;

/**
 * Documents as bags of words, without the empty ones. Immutable by agreement: the arrays are shared, not copied.
 *
 * @param vocabulary number of different words; words are 0..vocabulary-1
 * @param starts     per document, where its entries begin in {@code words} and {@code counts}, and last their number
 * @param words      per entry
 * @param counts     per entry, how often the document has that word, at least 1
 * @param tokens     sum of {@code counts}
 */
public record Corpus(int vocabulary, int[] starts, int[] words, int[] counts, int tokens) {
    /**
     * How many documents have at least one token.
     *
     * @return at least 1 when read from a file
     */
    public int documents() {
        return starts.length - 1;
    }

    /**
     * Number of tokens of each document.
     *
     * @return each at least 1
     */
    public int[] lengths() {
        final int[] lengths = new int[documents()];
        for (int d = 0; d < lengths.length; d++) {
            lengths[d] = Arrays.stream(counts, starts[d], starts[d + 1]).sum();
        }
        return lengths;
    }

    /**
     * Number of tokens of each word.
     *
     * @return per word, 0 or more
     */
    public int[] frequencies() {
        final int[] frequencies = new int[vocabulary];
        for (int i = 0; i < words.length; i++) {
            frequencies[words[i]] += counts[i];
        }
        return frequencies;
    }
}
