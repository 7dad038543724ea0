package io.rubato.learn.lda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists held against plain arrays of counts. */
class DocumentTopicsTest {
    private static final int[] LENGTHS = {1, 7, 0, 40, 3};

    /** 65,536 topics leave room for counts up to 65,535. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 20, 10_000, 65_536})
    void countsWhatAnArrayCounts(final int topics) {
        final Random random = new Random(topics);
        final DocumentTopics lists = new DocumentTopics(LENGTHS, topics);
        final int[] handles = handles(lists, LENGTHS);
        final int[][] tokens = new int[LENGTHS.length][];
        for (int d = 0; d < LENGTHS.length; d++) {
            lists.scale(handles[d], d + 0.5f);
            tokens[d] = random.ints(LENGTHS[d], 0, topics).toArray();
            for (final int topic : tokens[d]) {
                lists.add(handles[d], topic);
            }
        }
        final float[] weights = new float[topics];
        for (int k = 0; k < topics; k++) {
            weights[k] = random.nextFloat();
        }
        for (int round = 0; round < 5_000; round++) {
            final int d = new int[] {0, 1, 3, 4}[random.nextInt(4)];
            final int token = random.nextInt(LENGTHS[d]);
            final int entry = lists.exclude(handles[d], tokens[d][token]);
            final float sum = lists.weigh(handles[d], weights);
            double expected = -weights[tokens[d][token]];
            for (final int topic : tokens[d]) {
                expected += weights[topic];
            }
            assertEquals(expected, sum, 1e-4);
            if (random.nextBoolean() && sum > 1e-3) {
                final float at = sum * random.nextFloat();
                final int to = lists.drawn(handles[d], weights, at);
                final int topic = lists.topic(handles[d], to);
                assertTrue(lists.count(handles[d], to) > 0);
                final double before = sumBefore(lists, handles[d], weights, to);
                assertTrue(before <= at + 1e-4);
                assertTrue(at - 1e-4 < before + lists.count(handles[d], to) * weights[topic]);
                if (to == entry) {
                    lists.include(handles[d], entry);
                } else {
                    lists.moveToEntry(handles[d], entry, to);
                    tokens[d][token] = topic;
                }
            } else {
                tokens[d][token] = random.nextInt(topics);
                lists.moveToTopic(handles[d], entry, tokens[d][token]);
            }
            check(lists, handles[d], tokens[d]);
        }
        for (int d = 0; d < LENGTHS.length; d++) {
            check(lists, handles[d], tokens[d]);
            assertEquals(d + 0.5f, lists.scale(handles[d]));
        }
    }

    private static double sumBefore(final DocumentTopics lists, final int handle, final float[] weights,
            final int end) {
        double sum = 0;
        for (int entry = 0; entry < end; entry++) {
            sum += lists.count(handle, entry) * weights[lists.topic(handle, entry)];
        }
        return sum;
    }

    @Test
    void aDrawAtTheVeryEndIsOfATokenThatIsThere() {
        final DocumentTopics lists = new DocumentTopics(new int[] {8}, 1_000);
        final float[] weights = new float[1_000];
        for (int topic = 1; topic < 7; topic++) {
            lists.add(0, topic);
        }
        // Of the last block only the fifth is there: the sixth is left out, and behind it is room.
        lists.exclude(0, 6);
        // Sums at whose end the rest is rounded up to the weight of the fifth.
        weights[1] = 0x1.8p-23f;
        weights[5] = 0x1.000004p0f;
        final float sum = lists.weigh(0, weights);
        assertEquals(5, lists.topic(0, lists.drawn(0, weights, Math.nextDown(sum))));
        assertEquals(1, lists.topic(0, lists.drawn(0, weights, 0)));
    }

    private static int[] handles(final DocumentTopics lists, final int... lengths) {
        final int[] handles = new int[lengths.length];
        for (int d = 1; d < lengths.length; d++) {
            handles[d] = handles[d - 1] + lists.roomFor(lengths[d - 1]);
        }
        return handles;
    }

    private static void check(final DocumentTopics lists, final int handle, final int[] tokens) {
        final int[] found = new int[tokens.length];
        int at = 0;
        for (int entry = 0; entry < lists.size(handle); entry++) {
            assertTrue(lists.count(handle, entry) > 0);
            for (int n = lists.count(handle, entry); n > 0; n--) {
                found[at++] = lists.topic(handle, entry);
            }
        }
        assertEquals(tokens.length, at);
        Arrays.sort(found);
        final int[] expected = tokens.clone();
        Arrays.sort(expected);
        assertEquals(Arrays.toString(expected), Arrays.toString(found));
    }

    @ParameterizedTest
    @ValueSource(ints = {70_000, 200_000})
    void aCountThatDoesNotFitGoesOnInAnotherEntry(final int length) {
        final DocumentTopics lists = new DocumentTopics(new int[] {length}, 65_536);
        for (int i = 0; i < length - 1; i++) {
            lists.add(0, 7);
        }
        lists.add(0, 9);
        final float[] weights = new float[65_536];
        weights[7] = 1;
        assertEquals(length - 1, lists.weigh(0, weights));
        for (int i = 0; i < length - 1; i++) {
            lists.moveToTopic(0, lists.exclude(0, 7), 9);
        }
        assertEquals(0, lists.weigh(0, weights));
        weights[9] = 1;
        assertEquals(length, lists.weigh(0, weights));
        final int entry = lists.exclude(0, 9);
        lists.moveToEntry(0, entry, entry);
        assertEquals(length, lists.weigh(0, weights));
    }
}
