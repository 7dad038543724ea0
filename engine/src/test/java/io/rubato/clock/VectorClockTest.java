package io.rubato.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorClockTest {
    /**
     * Small steps so that ties at the minimum are frequent, stale and repeated advances, retirement up to the last
     * worker.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 40})
    void agreesWithASortOfAllEntries(final int workers) {
        for (int seed = 0; seed < 60; seed++) {
            final SplittableRandom random = new SplittableRandom(seed * 100L + workers);
            final VectorClock clocks = new VectorClock(workers);
            final long[] model = new long[workers];
            check(model, clocks);
            for (int step = 0; step < 40 * workers; step++) {
                final int worker = random.nextInt(workers);
                final long before = min(model);
                final long clock = switch (random.nextInt(10)) {
                    case 0 -> model[worker];
                    case 1 -> model[worker] == VectorClock.RETIRED ? 3 : model[worker] - 1 - random.nextInt(3);
                    case 2 -> random.nextInt(4 * workers) == 0 ? VectorClock.RETIRED : before;
                    default -> (model[worker] == VectorClock.RETIRED ? 0 : model[worker]) + 1 + random.nextInt(2);
                };
                model[worker] = Math.max(model[worker], clock);
                assertEquals(min(model) > before, clocks.advance(worker, clock));
                check(model, clocks);
            }
        }
    }

    private static void check(final long[] model, final VectorClock clocks) {
        assertEquals(model.length, clocks.workers());
        assertEquals(min(model), clocks.minimum());
        int slowest = 0;
        while (model[slowest] != min(model)) {
            slowest++;
        }
        assertEquals(slowest, clocks.slowest());
        for (int i = 0; i < model.length; i++) {
            assertEquals(model[i], clocks.get(i));
        }
    }

    private static long min(final long[] model) {
        return Arrays.stream(model).min().orElseThrow();
    }

    @Test
    void theLastToRetireRaisesTheMinimumToRetired() {
        final VectorClock clocks = new VectorClock(2);
        assertFalse(clocks.advance(1, VectorClock.RETIRED));
        assertEquals(0, clocks.minimum());
        assertTrue(clocks.advance(0, VectorClock.RETIRED));
        assertEquals(VectorClock.RETIRED, clocks.minimum());
        assertFalse(clocks.advance(0, VectorClock.RETIRED));
    }
}
