package io.rubato.learn.lda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.TableSpec;
import io.rubato.learn.words.Corpus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One document of two words, small enough to know the distribution that Gibbs sampling draws from. */
class TopicSamplerTest {
    private static final int TOPICS = 3;
    private static final float ALPHA = 0.4f;
    private static final float BETA = 0.3f;
    private static final int SWEEPS = 300_000;
    /** Two documents of two tokens each: words 0 and 1, and 0 twice. */
    private static final Corpus CORPUS =
            new Corpus(2, new int[] {0, 2, 3}, new int[] {0, 1, 0}, new int[] {1, 1, 2}, 4);
    private static final int[] WORDS = {0, 0, 0, 1};
    private static final int[] DOCUMENTS = {0, 1, 1, 0};

    private static final TableSpec SPEC = new TableSpec("words", 2, TOPICS, ElementType.I32, Consistency.bsp());

    private final MemorySegment counts = Arena.ofAuto().allocate(2L * TOPICS * Integer.BYTES, 8);
    private final Row[] rows = {row(0), row(1)};
    private final int[] totals = new int[TOPICS];
    private final int[] columns = new int[TOPICS];
    private final long[] deltas = new long[TOPICS];

    @Test
    void drawsFromThePosterior() {
        final int[] lengths = CORPUS.lengths();
        final WorkerTokens tokens =
                new WorkerTokens(CORPUS, 0, 2, new DocumentTopics(lengths, TOPICS), lengths, 0);
        final TopicSampler sampler = new TopicSampler(tokens, TOPICS, 2, ALPHA, BETA, false, 1);
        for (int run = 0; run < 2; run++) {
            sampler.place(tokens.runStart(run), tokens.runEnd(run));
            endWord(sampler, run);
        }
        final double[] frequencies = new double[81];
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int run = 0; run < 2; run++) {
                // Counts as of now: what is summed less often is exact for runs this short, too, but for one word.
                System.arraycopy(totals, 0, sampler.totals(), 0, TOPICS);
                sampler.startClock();
                for (int token = tokens.runStart(run); token < tokens.runEnd(run); token++) {
                    System.arraycopy(totals, 0, sampler.totals(), 0, TOPICS);
                    sampler.startClock();
                    sampler.startWord(rows[run]);
                    sampler.visit(token, token + 1);
                    endWord(sampler, run);
                }
            }
            frequencies[state(tokens.topics)] += 1.0 / SWEEPS;
        }
        final double[] posterior = posterior();
        for (int state = 0; state < posterior.length; state++) {
            // The old token's share in the sums of inverse totals is left in: close, and exact in the limit.
            assertEquals(posterior[state], frequencies[state], 0.15 * posterior[state] + 0.002, "state " + state);
        }
    }

    @Test
    void countsAreThoseOfTheAssignments() {
        final int[] lengths = CORPUS.lengths();
        final WorkerTokens tokens =
                new WorkerTokens(CORPUS, 0, 2, new DocumentTopics(lengths, TOPICS), lengths, 1);
        final TopicSampler sampler = new TopicSampler(tokens, TOPICS, 2, ALPHA, BETA, false, 1);
        for (int sweep = 0; sweep < 1000; sweep++) {
            System.arraycopy(totals, 0, sampler.totals(), 0, TOPICS);
            sampler.startClock();
            for (int run = 0; run < 2; run++) {
                final int word = tokens.words[run];
                if (sweep == 0) {
                    sampler.place(tokens.runStart(run), tokens.runEnd(run));
                } else {
                    sampler.startWord(rows[word]);
                    assertTrue(sampler.visit(tokens.runStart(run), tokens.runEnd(run)) <= 0 || sweep == 1);
                }
                endWord(sampler, word);
                final int[] expected = new int[TOPICS];
                for (int i = tokens.runStart(run); i < tokens.runEnd(run); i++) {
                    expected[tokens.topics[i]]++;
                }
                for (int k = 0; k < TOPICS; k++) {
                    assertEquals(expected[k], count(word, k));
                    assertEquals(count(0, k) + count(1, k), totals[k]);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, false", "12, false", "12, true"})
    void tokensVisitedTogetherGetTheTopicsThatTheyGetOneByOne(final int topics, final boolean isFrozen) {
        final int words = 2;
        final int documents = 20;
        final int[] starts = new int[documents + 1];
        final int[] contents = new int[documents * words];
        final int[] often = new int[documents * words];
        for (int i = 0; i < contents.length; i++) {
            starts[i / words + 1] = i + 1;
            contents[i] = i % words;
            often[i] = 1 + i % 6;
        }
        final Corpus corpus = new Corpus(words, starts, contents, often, Arrays.stream(often).sum());
        final int[][] together = assignments(corpus, topics, isFrozen, true);
        assertArrayEquals(assignments(corpus, topics, isFrozen, false), together);
        final int[] handles = tokens(corpus, topics).handles;
        int alike = 0;
        for (int sweep = 1; sweep < together.length; sweep++) {
            for (int i = 1; i < handles.length; i++) {
                alike += handles[i] == handles[i - 1] && together[sweep][i - 1] == together[sweep - 1][i - 1]
                        && together[sweep - 1][i] == together[sweep - 1][i - 1] ? 1 : 0;
            }
        }
        assertTrue(alike > together.length, "only " + alike + " tokens were like the one before");
    }

    private static WorkerTokens tokens(final Corpus corpus, final int topics) {
        final int[] lengths = corpus.lengths();
        return new WorkerTokens(corpus, 0, lengths.length, new DocumentTopics(lengths, topics), lengths, 0);
    }

    /** The topics of all tokens after each of some sweeps under given counts; those counts stay if they are frozen. */
    private static int[][] assignments(final Corpus corpus, final int topics, final boolean isFrozen,
            final boolean isTogether) {
        final WorkerTokens tokens = tokens(corpus, topics);
        final TopicSampler sampler =
                new TopicSampler(tokens, topics, corpus.vocabulary(), ALPHA, BETA, isFrozen, 1);
        final int[][] counts = new int[tokens.runs()][topics];
        if (!isFrozen) {
            for (int run = 0; run < tokens.runs(); run++) {
                sampler.place(tokens.runStart(run), tokens.runEnd(run));
                endWord(sampler, counts[run]);
            }
        }
        final int[][] assignments = new int[200][];
        for (int sweep = 0; sweep < assignments.length; sweep++) {
            for (int k = 0; k < topics; k++) {
                counts[0][k] += isFrozen && sweep == 0 ? k : 0;
                sampler.totals()[k] = counts[0][k] + counts[1][k];
            }
            sampler.startClock();
            for (int run = 0; run < tokens.runs(); run++) {
                final TopicCounts given = new TopicCounts(1, sampler.totals());
                given.add(0, counts[run]);
                sampler.startWord(given, 0);
                final int step = isTogether ? tokens.runEnd(run) - tokens.runStart(run) : 1;
                for (int i = tokens.runStart(run); i < tokens.runEnd(run); i += step) {
                    sampler.visit(i, i + step);
                }
                endWord(sampler, counts[run]);
            }
            assignments[sweep] = tokens.topics.clone();
        }
        return assignments;
    }

    private static void endWord(final TopicSampler sampler, final int[] counts) {
        final int[] columns = new int[counts.length];
        final long[] deltas = new long[counts.length];
        final int changed = sampler.endWord(columns, deltas);
        for (int i = 0; i < changed; i++) {
            counts[columns[i]] += (int) deltas[i];
        }
    }

    @Test
    void visitsAllocateNothing() {
        final int[] lengths = CORPUS.lengths();
        final WorkerTokens tokens =
                new WorkerTokens(CORPUS, 0, 2, new DocumentTopics(lengths, TOPICS), lengths, 0);
        final TopicSampler sampler = new TopicSampler(tokens, TOPICS, 2, ALPHA, BETA, false, 1);
        for (int run = 0; run < 2; run++) {
            sampler.place(tokens.runStart(run), tokens.runEnd(run));
            endWord(sampler, run);
        }
        final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int sweep = 0; sweep < 20_000; sweep++) {
            if (sweep == 10_000) {
                before = thread.getCurrentThreadAllocatedBytes();
            }
            System.arraycopy(totals, 0, sampler.totals(), 0, TOPICS);
            sampler.startClock();
            for (int run = 0; run < 2; run++) {
                sampler.startWord(rows[run]);
                sampler.visit(tokens.runStart(run), tokens.runEnd(run));
                endWord(sampler, run);
            }
        }
        // An object of the smallest size in each of the later sweeps would be 160,000 bytes.
        assertTrue(thread.getCurrentThreadAllocatedBytes() - before < 10_000);
    }

    private Row row(final int word) {
        return new Row(SPEC).wrap(counts, (long) word * TOPICS * Integer.BYTES, word, 0);
    }

    private int count(final int word, final int topic) {
        return rows[word].getInt(topic);
    }

    private void endWord(final TopicSampler sampler, final int word) {
        final int changed = sampler.endWord(columns, deltas);
        for (int i = 0; i < changed; i++) {
            rows[word].setInt(columns[i], count(word, columns[i]) + (int) deltas[i]);
        }
        for (int k = 0; k < TOPICS; k++) {
            totals[k] += sampler.totalChanges()[k];
            sampler.totalChanges()[k] = 0;
        }
    }

    private static int state(final int... topics) {
        int state = 0;
        for (final int topic : topics) {
            state = TOPICS * state + topic;
        }
        return state;
    }

    /** By the chain rule: each token given those before it. */
    private static double[] posterior() {
        final double[] posterior = new double[81];
        double sum = 0;
        for (int state = 0; state < posterior.length; state++) {
            final int[] topics = {state / 27, state / 9 % 3, state / 3 % 3, state % 3};
            double probability = 1;
            for (int i = 0; i < topics.length; i++) {
                int ofDocument = 0;
                int ofWord = 0;
                int ofTopic = 0;
                for (int j = 0; j < i; j++) {
                    if (topics[j] == topics[i]) {
                        ofDocument += DOCUMENTS[j] == DOCUMENTS[i] ? 1 : 0;
                        ofWord += WORDS[j] == WORDS[i] ? 1 : 0;
                        ofTopic++;
                    }
                }
                probability *= (ofDocument + ALPHA) * (ofWord + BETA) / (ofTopic + 2 * BETA);
            }
            posterior[state] = probability;
            sum += probability;
        }
        for (int state = 0; state < posterior.length; state++) {
            posterior[state] /= sum;
        }
        return posterior;
    }
}
