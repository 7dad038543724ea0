package io.rubato.learn.words;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Documents drawn from topics that are known: topic k has the words of the k-th of as many equal parts of the
 * vocabulary, each of them as probable as the others, but for a share of words that any topic may have. A document
 * mixes a few topics.
 */
public final class PlantedCorpus {
    private final Shape shape;
    private final int[][] documents;

    /**
     * What to draw.
     *
     * @param documents how many, at least 1
     * @param length    tokens of each, at least 1
     * @param words     size of the vocabulary, at least {@code topics}
     * @param topics    how many are planted, at least 1
     * @param mixed     topics of a document, 1 to {@code topics}
     * @param noise     share of tokens whose word is any of the vocabulary, 0 to 1
     * @param seed      chooses the documents
     */
    public record Shape(int documents, int length, int words, int topics, int mixed, double noise, long seed) {
        /**
         * Checks every bound.
         *
         * @throws IllegalArgumentException if one is broken
         */
        public Shape {
            if (documents < 1 || length < 1 || topics < 1 || words < topics || mixed < 1 || mixed > topics
                    || !(noise >= 0 && noise <= 1)) {
                throw new IllegalArgumentException("no corpus of " + documents + " documents of " + length
                        + " tokens with " + words + " words and " + mixed + " of " + topics + " topics each, noise "
                        + noise);
            }
        }
    }

    private PlantedCorpus(final Shape shape, final int[][] documents) {
        this.shape = shape;
        this.documents = documents;
    }

    /**
     * Draws.
     *
     * @param shape of the corpus
     * @return the same for the same shape
     */
    public static PlantedCorpus generate(final Shape shape) {
        final SplittableRandom random = new SplittableRandom(shape.seed);
        final int[][] documents = new int[shape.documents][shape.length];
        final int[] mixed = new int[shape.mixed];
        for (final int[] document : documents) {
            Arrays.setAll(mixed, _ -> random.nextInt(shape.topics));
            for (int i = 0; i < document.length; i++) {
                final int topic = mixed[random.nextInt(mixed.length)];
                final int first = firstWord(shape, topic);
                document[i] = random.nextDouble() < shape.noise
                        ? random.nextInt(shape.words)
                        : first + random.nextInt(firstWord(shape, topic + 1) - first);
            }
            Arrays.sort(document);
        }
        return new PlantedCorpus(shape, documents);
    }

    /**
     * Where a planted topic's words begin.
     *
     * @param shape of the corpus
     * @param topic 0 to topics; that of {@code topic + 1} ends its words
     * @return 0 to words
     */
    public static int firstWord(final Shape shape, final int topic) {
        return (int) ((long) shape.words * topic / shape.topics);
    }

    /**
     * Writes a docword file.
     *
     * @param file to make or replace
     * @throws IOException if that fails
     */
    public void write(final Path file) throws IOException {
        final long entries = Arrays.stream(documents).mapToLong(each -> Arrays.stream(each).distinct().count()).sum();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(shape.documents + "\n" + shape.words + "\n" + entries + "\n");
            for (int d = 0; d < documents.length; d++) {
                final int[] words = documents[d];
                for (int from = 0; from < words.length;) {
                    int to = from;
                    while (to < words.length && words[to] == words[from]) {
                        to++;
                    }
                    out.write((d + 1) + " " + (words[from] + 1) + " " + (to - from) + "\n");
                    from = to;
                }
            }
        }
    }
}
