package io.rubato.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HashTest {
    @Test
    void isUniform() {
        final int[] histogram = new int[10];
        for (int i = 0; i < 100_000; i++) {
            histogram[(int) (10 * Hash.unit(7, i))]++;
        }
        for (final int count : histogram) {
            // 10,000 expected, standard deviation 95.
            assertTrue(Math.abs(count - 10_000) < 500, () -> "a tenth of the interval got " + count);
        }
    }

    @Test
    void dependsOnSeedAndIndexOnly() {
        assertEquals(Hash.of(1, 2), Hash.of(1, 2));
        assertNotEquals(Hash.of(1, 2), Hash.of(2, 1));
        assertNotEquals(Hash.of(1, 2), Hash.of(1, 3));
    }
}
