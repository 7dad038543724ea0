package io.rubato.bench;

import io.rubato.learn.words.PlantedCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What topics are found in: 20 Newsgroups where the folder of data has it, otherwise documents drawn from planted
 * topics.
 *
 * @param name of it, for reports
 * @param data documents to train on
 * @param test held-out documents
 */
record LdaCorpus(String name, Path data, Path test) {
    private static final int DOCUMENTS = 10_000;
    private static final int LENGTH = 80;
    private static final int WORDS = 3_000;
    private static final int TOPICS = 100;
    private static final int MIXED = 5;
    private static final double NOISE = 0.1;

    /** Generates in a directory if there is nothing to find. */
    static LdaCorpus findOrGenerate(final Path directory) throws IOException {
        final Path folder = Path.of(System.getProperty("rubato.data",
                Path.of(System.getProperty(TrainProgram.ROOT), "..", "shared", "data").toString())).resolve("corpora");
        final LdaCorpus found = new LdaCorpus("20ng", folder.resolve("docword.20ng-train.txt.gz").normalize(),
                folder.resolve("docword.20ng-test.txt.gz").normalize());
        return Files.exists(found.data) && Files.exists(found.test) ? found
                : generate(directory, DOCUMENTS, LENGTH);
    }

    static LdaCorpus generate(final Path directory, final int documents, final int length) throws IOException {
        final LdaCorpus generated =
                new LdaCorpus("a generated corpus", directory.resolve("train.txt"), directory.resolve("test.txt"));
        PlantedCorpus.generate(new PlantedCorpus.Shape(documents, length, WORDS, TOPICS, MIXED, NOISE, 1))
                .write(generated.data);
        PlantedCorpus.generate(new PlantedCorpus.Shape(documents / 2, length, WORDS, TOPICS, MIXED, NOISE, 2))
                .write(generated.test);
        return generated;
    }
}
