package io.rubato.bench;

import cc.mallet.topics.ParallelTopicModel;
import cc.mallet.types.Alphabet;
import cc.mallet.types.FeatureSequence;
import cc.mallet.types.Instance;
import cc.mallet.types.InstanceList;
import io.rubato.learn.lda.HeldOut;
import io.rubato.learn.lda.TopicCounts;
import io.rubato.learn.words.Corpus;
import io.rubato.learn.words.DocwordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.Level;

/** MALLET's parallel topic model, its hyperparameters fixed; it stops for the held-out likelihood, untimed. */
final class MalletRole implements ChildMain.Role {
    private static final int STOPS = 10;

    /** The command for {@link Child}. */
    static Object[] command(final LdaCorpus corpus, final LdaSettings settings) {
        return new Object[] {"train", corpus.data(), corpus.test(), settings.topics(), settings.alpha(),
                settings.beta(), settings.passes(), settings.threads()};
    }

    @Override
    public Map<String, Double> on(final String... words) throws IOException {
        return train(Path.of(words[1]), Path.of(words[2]),
                new LdaSettings(Integer.parseInt(words[3]), Float.parseFloat(words[4]), Float.parseFloat(words[5]),
                        Integer.parseInt(words[6]), Integer.parseInt(words[7])))
                .toMap();
    }

    static LdaRun train(final Path data, final Path test, final LdaSettings settings) throws IOException {
        final Corpus corpus = DocwordReader.read(data);
        final Corpus heldOut = DocwordReader.read(test);
        ParallelTopicModel.logger.setLevel(Level.OFF);
        final ParallelTopicModel model =
                new ParallelTopicModel(settings.topics(), (double) settings.alpha() * settings.topics(),
                        settings.beta());
        model.setRandomSeed(1);
        model.setNumThreads(settings.threads());
        model.setOptimizeInterval(0);
        model.setTopicDisplay(0, 0);
        model.printLogLikelihood = false;
        model.addInstances(instances(corpus));
        final int stops = Math.min(STOPS, settings.passes());
        final double[] seconds = new double[stops];
        final double[] values = new double[stops];
        double total = 0;
        for (int i = 0; i < stops; i++) {
            model.setNumIterations(settings.passes() * (i + 1) / stops - settings.passes() * i / stops);
            final long start = System.nanoTime();
            model.estimate();
            total += (System.nanoTime() - start) / 1e9;
            seconds[i] = total;
            values[i] = -likelihood(model, corpus, heldOut, settings);
        }
        return new LdaRun((double) corpus.tokens() * settings.passes() / total, new ObjectiveCurve(seconds, values));
    }

    private static InstanceList instances(final Corpus corpus) {
        final Alphabet alphabet = new Alphabet();
        for (int word = 0; word < corpus.vocabulary(); word++) {
            alphabet.lookupIndex("w" + word);
        }
        final SplittableRandom random = new SplittableRandom(1);
        final InstanceList instances = new InstanceList(alphabet, null);
        final int[] lengths = corpus.lengths();
        for (int d = 0; d < lengths.length; d++) {
            final int[] words = new int[lengths[d]];
            int filled = 0;
            for (int i = corpus.starts()[d]; i < corpus.starts()[d + 1]; i++) {
                for (int n = corpus.counts()[i]; n > 0; n--) {
                    // Tokens of a text do not come sorted by word.
                    final int place = random.nextInt(filled + 1);
                    words[filled++] = words[place];
                    words[place] = corpus.words()[i];
                }
            }
            instances.add(new Instance(new FeatureSequence(alphabet, words), null, "d" + d, null));
        }
        return instances;
    }

    /** Per token, by the evaluator of {@code train lda}. */
    private static double likelihood(final ParallelTopicModel model, final Corpus corpus, final Corpus heldOut,
            final LdaSettings settings) {
        final TopicCounts counts = new TopicCounts(corpus.vocabulary(), model.tokensPerTopic.clone());
        final int[] row = new int[settings.topics()];
        for (int word = 0; word < corpus.vocabulary(); word++) {
            Arrays.fill(row, 0);
            for (final int packed : model.typeTopicCounts[word]) {
                if (packed > 0) {
                    row[packed & model.topicMask] = packed >> model.topicBits;
                }
            }
            counts.add(word, row);
        }
        final HeldOut evaluator = new HeldOut(heldOut, 0, heldOut.documents(), settings.topics(), settings.alpha(),
                settings.beta());
        return evaluator.logLikelihood(counts) / evaluator.size();
    }
}
