package io.rubato.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartitionTest {
    @Test
    void sharesAreConnectedCompleteAndEven() {
        final Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            final int[] ratings = random.ints(1 + random.nextInt(50), 0, 100).toArray();
            final int workers = 1 + random.nextInt(8);
            final int total = Arrays.stream(ratings).sum();
            assertEquals(0, Partition.first(ratings, 0, workers));
            assertEquals(ratings.length, Partition.first(ratings, workers, workers));
            for (int worker = 0; worker < workers; worker++) {
                final int first = Partition.first(ratings, worker, workers);
                final int end = Partition.first(ratings, worker + 1, workers);
                assertTrue(first <= end);
                final int share = Arrays.stream(ratings, first, end).sum();
                assertTrue(Math.abs(share - total / workers) <= 102, () -> share + " of " + total);
            }
        }
    }
}
