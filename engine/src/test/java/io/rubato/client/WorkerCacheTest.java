package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerCacheTest {
    private static final int ROWS = 50;

    private static WorkerCache cache(final int slots) {
        return cache(slots, 3);
    }

    private static WorkerCache cache(final int slots, final int columns) {
        final TableSpec spec = new TableSpec("t", ROWS, columns, ElementType.I64, Consistency.bsp());
        return new WorkerCache(spec, slots, new ServedRows(ROWS), Arena.ofAuto());
    }

    private static ImageClocks image(final long minimumClock) {
        return new ImageClocks().set(minimumClock, minimumClock, 0, minimumClock, false);
    }

    private static int take(final WorkerCache cache, final int row, final long clock) {
        final int slot = cache.choose(row, clock);
        if (slot != cache.slot(row)) {
            cache.give(slot, row);
        }
        assertEquals(row, cache.row(slot));
        return slot;
    }

    @Test
    void aDroppedCopyMakesRoomButKeepsItsSlotWhileItCan() {
        final WorkerCache cache = cache(2);
        final int slot = take(cache, 17, 1);
        cache.filled(slot, image(1), 1);
        cache.drop(slot);
        assertEquals(-1, cache.slot(17));
        assertEquals(slot, take(cache, 17, 1));
        cache.filled(slot, image(1), 1);
        cache.filled(take(cache, 18, 1), image(1), 1);
        cache.drop(slot);
        assertEquals(slot, take(cache, 19, 1));
        assertEquals(-1, cache.slot(17));
        assertTrue(cache.slot(18) >= 0);
        cache.filled(slot, image(1), 1);
        final int other = take(cache, 17, 2);
        assertEquals(other, cache.slot(17));
        assertEquals(2, cache.size());
    }

    @Test
    void theRowsOfARunHaveRoomInAFullCache() {
        final int run = Worker.rowsOfARun(new TableSpec("t", ROWS, 100, ElementType.I64, Consistency.bsp()));
        assertEquals(10, run);
        final WorkerCache cache = cache(20, 100);
        for (int row = 0; row < ROWS; row++) {
            cache.filled(take(cache, row, 1), image(1), 1);
        }
        for (int row = 0; row < run; row++) {
            cache.filled(take(cache, row, 1), image(1), 1);
        }
        for (int row = 0; row < run; row++) {
            assertTrue(cache.slot(row) >= 0, "row " + row);
        }
    }

    /** More rows than there are slots leave most of the others where they are. */
    @Test
    void rowsThatGoByInAClockTakeFewSlots() {
        final WorkerCache cache = cache(20, 500);
        for (int row = 0; row < 20; row++) {
            cache.filled(take(cache, row, 1), image(1), 1);
        }
        final Set<Integer> taken = new HashSet<>();
        for (int row = 20; row < ROWS; row++) {
            final int slot = take(cache, row, 1);
            cache.filled(slot, image(1), 1);
            taken.add(slot);
            assertEquals(20, IntStream.range(0, ROWS).filter(held -> cache.slot(held) >= 0).count());
        }
        assertEquals(4, taken.size(), taken.toString());
        // All of the next clock's fit again.
        for (int row = 0; row < 20; row++) {
            cache.filled(take(cache, row, 2), image(2), 2);
        }
        for (int row = 0; row < 20; row++) {
            assertTrue(cache.slot(row) >= 0, "row " + row);
        }
    }

    /** Rows that come in order lie in order, until one does not. */
    @Test
    void slotsAreFoundInAndOutOfOrder() {
        final WorkerCache cache = cache(ROWS);
        for (final int row : new int[] {0, 1, 2, 40, 3, 4, 41}) {
            take(cache, row, 1);
            for (int held = 0; held < ROWS; held++) {
                if (cache.slot(held) >= 0) {
                    assertEquals(held, cache.row(cache.slot(held)));
                }
            }
        }
        assertEquals(7, cache.size());
    }

    /** Each row that is held has a slot of its own with its own values and clocks; never more rows than slots. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, ROWS, 1_000})
    void holdsAtMostItsBoundAndMixesNothingUp(final int slots) {
        final SplittableRandom random = new SplittableRandom(slots);
        final WorkerCache cache = cache(slots);
        final long[] stamp = new long[ROWS];
        for (int step = 1; step < 5_000; step++) {
            final int row = random.nextInt(ROWS);
            final long clock = step / 10;
            final int held = cache.slot(row);
            final int slot = take(cache, row, clock);
            assertTrue(held < 0 || held == slot);
            cache.filled(slot, image(step), clock);
            cache.values().set(ValueLayout.JAVA_LONG, cache.offset(slot) + 16, step);
            stamp[row] = step;
            int holding = 0;
            for (int r = 0; r < ROWS; r++) {
                if (cache.slot(r) >= 0) {
                    holding++;
                    assertEquals(stamp[r], cache.minimumClock(cache.slot(r)));
                    assertEquals(stamp[r] / 10, cache.checkedAt(cache.slot(r)));
                    assertEquals(stamp[r], cache.values().get(ValueLayout.JAVA_LONG, cache.offset(cache.slot(r)) + 16));
                }
            }
            assertEquals(holding, cache.size());
            assertTrue(holding <= slots);
            assertTrue(cache.slot(row) >= 0);
        }
        assertEquals(Math.min(slots, ROWS), cache.size());
    }

    @Test
    void aRowOfThisClockIsNotEvictedWhileOneOfAnotherIsThere() {
        final WorkerCache cache = cache(3);
        for (int row = 0; row < 3; row++) {
            cache.filled(take(cache, row, 1), image(0), 1);
        }
        cache.checked(cache.slot(0), 2);
        cache.checked(cache.slot(1), 2);
        cache.filled(take(cache, 10, 2), image(0), 2);
        assertTrue(cache.slot(0) >= 0 && cache.slot(1) >= 0 && cache.slot(10) >= 0);
        assertEquals(-1, cache.slot(2));
        take(cache, 11, 2);
        assertEquals(3, cache.size());
    }
}
