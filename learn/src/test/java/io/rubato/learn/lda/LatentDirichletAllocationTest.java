package io.rubato.learn.lda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.JobResult;
import io.rubato.learn.InputException;
import io.rubato.learn.TestData;
import io.rubato.learn.testing.Cluster;
import io.rubato.learn.testing.EngineCluster;
import io.rubato.learn.testing.FakeCluster;
import io.rubato.learn.testing.SavedModel;
import io.rubato.learn.words.PlantedCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatentDirichletAllocationTest {
    private static final int TOPICS = 5;
    private static final int WORDS = 60;
    private static final PlantedCorpus.Shape SHAPE =
            new PlantedCorpus.Shape(200, 40, WORDS, TOPICS, 2, 0.05, 1);

    @TempDir
    private Path folder;
    private Path data;
    private Path test;

    @BeforeEach
    void plant() throws IOException {
        data = folder.resolve("data");
        PlantedCorpus.generate(SHAPE).write(data);
        test = folder.resolve("test");
        PlantedCorpus.generate(new PlantedCorpus.Shape(100, 40, WORDS, TOPICS, 2, 0.05, 2)).write(test);
    }

    private LdaOptions options(final int clocks, final double work, final Consistency consistency, final Path out) {
        return new LdaOptions(data, test, null, 1, TOPICS, 0.1f, 0.5f, work, clocks, consistency, out);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void findsThePlantedTopics(final int workers) throws Exception {
        final FakeCluster cluster = new FakeCluster(workers);
        assertTopicsFound(cluster, options(120, 0.5, Consistency.ssp(1), folder.resolve("model")));
        final double[] objective = cluster.objective();
        assertEquals(120, objective.length);
        assertTrue(objective[119] > objective[0] + 0.5, Arrays.toString(objective));
    }

    @Test
    void findsThePlantedTopicsOnTheEngine() throws Exception {
        assertTopicsFound(new EngineCluster(2, 1), options(120, 0.5, Consistency.bsp(), folder.resolve("model")));
        // What several workers read depends on their pace, and at some pace two topics end mixed.
        for (final Consistency consistency : List.of(Consistency.bsp(), Consistency.essp(2), Consistency.asp())) {
            assertLikely(new EngineCluster(2, 3), options(120, 0.5, consistency, null));
        }
    }

    private static JobResult assertLikely(final Cluster cluster, final LdaOptions options) throws Exception {
        final JobResult result = cluster.run(LatentDirichletAllocation.load(options));
        assertEquals("logLikelihoodPerToken", result.metric());
        // A token is of one of two topics of 12 words each: log(1 / 24) were these known. Of the vocabulary: log(1 /
        // 60).
        assertTrue(result.test() > Math.log(1.0 / 40) && result.test() < Math.log(1.0 / 22), result::toString);
        assertTrue(result.train() > Math.log(1.0 / 40) && result.train() < Math.log(1.0 / 20), result::toString);
        return result;
    }

    private void assertTopicsFound(final Cluster cluster, final LdaOptions options) throws Exception {
        final JobResult result = assertLikely(cluster, options);
        // Where two topics are mixed, either may be the more likely.
        assertTrue(result.train() > result.test() - 0.05, result::toString);
        final int[][] counts = SavedModel.intRows(options.out().resolve("words.npy"), TOPICS);
        final boolean[] taken = new boolean[TOPICS];
        for (int planted = 0; planted < TOPICS; planted++) {
            final int[] sums = new int[TOPICS];
            for (int w = PlantedCorpus.firstWord(SHAPE, planted); w < PlantedCorpus.firstWord(SHAPE, planted + 1);
                    w++) {
                for (int k = 0; k < TOPICS; k++) {
                    sums[k] += counts[w][k];
                }
            }
            final int best = Arrays.stream(sums).max().orElseThrow();
            final int topic = Arrays.stream(sums).boxed().toList().indexOf(best);
            assertTrue(best > 0.85 * Arrays.stream(sums).sum(), Arrays.toString(sums));
            assertFalse(taken[topic], "two planted topics became one");
            taken[topic] = true;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.13, 1, 2.5})
    void theTableHoldsTheAssignmentsOfAllWorkers(final double work) throws Exception {
        final LdaOptions options = options(7, work, Consistency.ssp(2), null);
        final LatentDirichletAllocation learner = LatentDirichletAllocation.load(options);
        for (final int workers : new int[] {1, 3}) {
            final int[][] expected = new int[WORDS][TOPICS];
            final int[][] found = new int[WORDS][TOPICS];
            final int[] totals = new int[TOPICS];
            new EngineCluster(2, workers).run(worker -> {
                try (Training training = new Training(options, learner.data(), worker)) {
                    training.initialize();
                    for (int clock = 0; clock < options.clocks(); clock++) {
                        training.trainClock(clock);
                    }
                    final WorkerTokens tokens = training.tokens();
                    synchronized (expected) {
                        for (int i = 0; i < tokens.size(); i++) {
                            expected[tokens.words[tokens.run(i)]][tokens.topics[i]]++;
                        }
                    }
                    training.finish();
                    if (worker.index() == 0) {
                        for (int w = 0; w < WORDS; w++) {
                            CountTables.copy(training.counts().readFinalWord(w), found[w]);
                        }
                        training.counts().readFinalTotals(totals);
                        worker.conclude(training.collect());
                    }
                }
            });
            assertArrayEquals(expected, found);
            for (int k = 0; k < TOPICS; k++) {
                final int topic = k;
                assertEquals(Arrays.stream(expected).mapToInt(row -> row[topic]).sum(), totals[k]);
            }
        }
    }

    @Test
    void repeatsByItsSeed() throws Exception {
        final LdaOptions options = options(10, 1, Consistency.bsp(), folder.resolve("one"));
        final LdaOptions again = options(10, 1, Consistency.bsp(), folder.resolve("two"));
        final LdaOptions other = new LdaOptions(data, test, null, 2, TOPICS, 0.1f, 0.5f, 1, 10, Consistency.bsp(),
                folder.resolve("three"));
        final JobResult first = new FakeCluster(1).run(LatentDirichletAllocation.load(options));
        final JobResult second = new EngineCluster(2, 1).run(LatentDirichletAllocation.load(again));
        new FakeCluster(1).run(LatentDirichletAllocation.load(other));
        assertEquals(first.train(), second.train());
        assertEquals(first.test(), second.test());
        for (final String name : new String[] {"words.npy", "totals.npy", "topics.txt"}) {
            assertEquals(-1, Files.mismatch(options.out().resolve(name), again.out().resolve(name)), name);
        }
        assertTrue(Files.mismatch(options.out().resolve("words.npy"), other.out().resolve("words.npy")) >= 0);
    }

    @Test
    void countsThatDoNotAddUpFailTheJob() throws Exception {
        final LdaOptions options = options(1, 1, Consistency.bsp(), null);
        final LatentDirichletAllocation learner = LatentDirichletAllocation.load(options);
        final IllegalStateException failed =
                assertThrows(IllegalStateException.class, () -> new FakeCluster(1).run(worker -> {
                    try (Training training = new Training(options, learner.data(), worker)) {
                        training.initialize();
                        training.trainClock(0);
                        worker.inc(training.counts().words(), 3, 0, 1L);
                        training.finish();
                        training.collect();
                    }
                }));
        assertTrue(failed.getMessage().startsWith("the audit of the tokens of word 4 failed"), failed.getMessage());
    }

    @Test
    void listsTopicsByTheirWords() throws Exception {
        final Path names = folder.resolve("vocab");
        final StringBuilder text = new StringBuilder();
        for (int w = 0; w < WORDS; w++) {
            text.append("word").append(w).append('\n');
        }
        Files.writeString(names, text);
        final Path out = folder.resolve("model");
        new FakeCluster(2).run(LatentDirichletAllocation.load(new LdaOptions(data, null, names, 1, TOPICS, 0.1f, 0.01f,
                1, 3, Consistency.ssp(1), out)));
        final List<String> lines = Files.readAllLines(out.resolve("topics.txt"));
        assertEquals(TOPICS, lines.size());
        assertTrue(lines.getFirst().matches("0\t\\d+\tword\\d+( word\\d+)*"), lines.getFirst());
        final String json = Files.readString(out.resolve("model.json"));
        assertTrue(json.contains("\"learner\" : \"lda\"") && json.contains("\"test\" : null")
                && json.contains("\"word59\""), json);
    }

    @Test
    void refusesATestOfOtherWords() throws IOException {
        PlantedCorpus.generate(new PlantedCorpus.Shape(10, 10, WORDS + 1, TOPICS, 1, 0, 1)).write(test);
        final LdaOptions options = options(1, 1, Consistency.bsp(), null);
        assertEquals(test + ": expected the 60 words of " + data + ", found 61",
                assertThrows(InputException.class, () -> LatentDirichletAllocation.load(options)).getMessage());
    }

    @Test
    void refusesMoreTokensThanMemoryHolds() throws IOException {
        Files.writeString(data, "1\n1\n1\n1 1 2000000000\n");
        final LdaOptions options = options(1, 1, Consistency.bsp(), null);
        assertTrue(assertThrows(InputException.class, () -> LatentDirichletAllocation.load(options)).getMessage()
                .contains("tokens, which fit this machine's memory, found 2000000000"));
    }

    @Test
    void refusesMoreTestTokensThanMemoryHolds() throws IOException {
        Files.writeString(data, "1\n1\n1\n1 1 5\n");
        Files.writeString(test, "1\n1\n1\n1 1 2000000000\n");
        final LdaOptions options = options(1, 1, Consistency.bsp(), null);
        final String message =
                assertThrows(InputException.class, () -> LatentDirichletAllocation.load(options)).getMessage();
        assertTrue(message.startsWith(test + ": expected at most "), message);
    }

    @Test
    void optionsAreChecked() {
        for (final int topics : new int[] {0, LdaOptions.MAX_TOPICS + 1}) {
            assertThrows(IllegalArgumentException.class, () -> new LdaOptions(data, null, null, 1, topics, 1, 1, 1, 1,
                    Consistency.bsp(), null));
        }
        for (final float prior : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new LdaOptions(data, null, null, 1, 1, prior, 1, 1, 1,
                    Consistency.bsp(), null));
            assertThrows(IllegalArgumentException.class, () -> new LdaOptions(data, null, null, 1, 1, 1, prior, 1, 1,
                    Consistency.bsp(), null));
        }
        assertEquals(0.05f, LdaOptions.defaultAlpha(100));
        assertEquals(0.005f, LdaOptions.defaultAlpha(10_000));
    }

    @Test
    void realDocumentsAreExplainedBetterThanByWordsAlone() throws Exception {
        final Path kos = TestData.file("corpora/docword.kos.txt.gz");
        final double[] tests = new double[2];
        for (int i = 0; i < 2; i++) {
            // One topic is the frequencies of words alone.
            tests[i] = new FakeCluster(1).run(LatentDirichletAllocation.load(new LdaOptions(kos, kos, null, 1,
                    1 + 19 * i, 0.05f, 0.01f, 1, 1 + 19 * i, Consistency.bsp(), null))).test();
        }
        assertTrue(tests[1] > tests[0] + 0.1, Arrays.toString(tests));
    }
}
