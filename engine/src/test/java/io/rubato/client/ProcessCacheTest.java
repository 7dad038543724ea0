package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProcessCacheTest {
    private static final int ROWS = 8;
    private static final int COLUMNS = 256;
    private static final TableSpec SPEC = new TableSpec("t", ROWS, COLUMNS, ElementType.I64, Consistency.bsp());
    private static final long HANG_GUARD_NS = TimeUnit.SECONDS.toNanos(60);

    private final MemorySegment source = Arena.ofAuto().allocate(SPEC.rowBytes(), 8);
    private final MemorySegment target = Arena.ofAuto().allocate(SPEC.rowBytes(), 8);
    private long seenClock;
    private long seenApplied;

    /** What an image of these clocks holds, the same in every column, so that a torn copy shows. */
    private static long value(final int row, final long minimumClock, final long applied) {
        return row + 100 * minimumClock + 1_000_000_000L * applied;
    }

    private void put(final ProcessCache cache, final int row, final long minimumClock, final long applied,
            final int... awaited) {
        for (int c = 0; c < COLUMNS; c++) {
            source.setAtIndex(ValueLayout.JAVA_LONG, c, value(row, minimumClock, applied));
        }
        // Later images have later clocks here, or at least later sequences.
        final long version = 1_000 * minimumClock + applied;
        cache.put(row, new ImageClocks().set(minimumClock, minimumClock, applied, version, false), source.address(),
                candidate -> {
                    for (final int one : awaited) {
                        if (one == candidate) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    private boolean copy(final ProcessCache cache, final int row, final long wantedClock) {
        return cache.copy(row, new ImageClocks(), image -> {
            seenClock = image.minimum;
            seenApplied = image.applied;
            return image.minimum >= wantedClock ? target.address() : ProcessCache.Target.REFUSED;
        }) == ProcessCache.Copy.COPIED;
    }

    private void expect(final ProcessCache cache, final int row, final long minimumClock, final long applied) {
        assertTrue(copy(cache, row, minimumClock));
        assertEquals(minimumClock, seenClock);
        assertEquals(applied, seenApplied);
        for (int c = 0; c < COLUMNS; c++) {
            assertEquals(value(row, minimumClock, applied), target.getAtIndex(ValueLayout.JAVA_LONG, c));
        }
    }

    @Test
    void anOlderImageDoesNotReplaceANewerOne() {
        final ProcessCache cache = new ProcessCache(SPEC, ROWS, Arena.ofAuto());
        assertFalse(copy(cache, 3, 0));
        assertNull(cache.held(3));
        put(cache, 3, 5, 10);
        put(cache, 3, 4, 10);
        expect(cache, 3, 5, 10);
        put(cache, 3, 5, 9);
        expect(cache, 3, 5, 10);
        put(cache, 3, 5, 12);
        expect(cache, 3, 5, 12);
        put(cache, 3, 6, 12);
        expect(cache, 3, 6, 12);
        assertFalse(copy(cache, 3, 7));
        assertEquals(6, cache.held(3).minimum);
        assertEquals(12, cache.held(3).applied);
        assertFalse(copy(cache, 4, 0));
        assertEquals(1, cache.size());
    }

    /** A sampled gate may vouch for more than the minimum clock, and a push cover an image that it does not change. */
    @Test
    void whatImagesVouchForIsMergedWhicheverValuesAreKept() {
        final ProcessCache cache = new ProcessCache(SPEC, ROWS, Arena.ofAuto());
        cache.put(3, new ImageClocks().set(2, 2, 7, 5, false), source.address(), _ -> false);
        cache.put(3, new ImageClocks().set(1, 4, 6, 4, true), source.address(), _ -> false);
        final ImageClocks held = cache.held(3);
        assertEquals(2, held.minimum);
        assertEquals(4, held.granted);
        assertEquals(7, held.applied);
        assertEquals(5, held.version);
        assertTrue(held.isCovered);
    }

    @Test
    void whatIsAwaitedIsNotEvicted() {
        final SplittableRandom random = new SplittableRandom(1);
        final ProcessCache cache = new ProcessCache(SPEC, 3, Arena.ofAuto());
        put(cache, 0, 1, 1);
        put(cache, 1, 1, 1);
        for (int i = 0; i < 1_000; i++) {
            final int row = 2 + random.nextInt(ROWS - 2);
            put(cache, row, i, i, 0, 1);
            assertTrue(cache.size() <= 3);
            expect(cache, 0, 1, 1);
            expect(cache, 1, 1, 1);
            assertTrue(copy(cache, row, 0));
        }
        int held = 0;
        for (int row = 0; row < ROWS; row++) {
            held += copy(cache, row, 0) ? 1 : 0;
        }
        assertEquals(3, held);
    }

    @Test
    void aTableSmallerThanTheBoundIsHeldWhole() {
        final ProcessCache cache = new ProcessCache(SPEC, 1_000, Arena.ofAuto());
        for (int row = 0; row < ROWS; row++) {
            put(cache, row, row, 0, 0, 1, 2, 3, 4, 5, 6, 7);
        }
        for (int row = 0; row < ROWS; row++) {
            expect(cache, row, row, 0);
        }
    }

    /** One writer that also evicts, two readers: a copy always is one whole image of the row asked for. */
    @Test
    void aReaderNeverSeesATornImage() {
        final ProcessCache cache = new ProcessCache(SPEC, 4, Arena.ofAuto());
        final AtomicLongArray changes = new AtomicLongArray(2);
        final AtomicReference<String> torn = new AtomicReference<>();
        final AtomicLongArray stop = new AtomicLongArray(1);
        final List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            final int reader = r;
            readers.add(Thread.ofPlatform().daemon().start(() -> {
                while (stop.get(0) == 0) {
                    read(cache, reader, changes, torn);
                }
            }));
        }
        final long start = System.nanoTime();
        long step = 0;
        while (torn.get() == null && (changes.get(0) < 3_000 || changes.get(1) < 3_000)) {
            step++;
            put(cache, (int) (step * 5 % ROWS), step, step);
            if (step % 64 == 0) {
                Thread.yield();
                assertTrue(System.nanoTime() - start < HANG_GUARD_NS, "the readers see no changes");
            }
        }
        stop.set(0, 1);
        readers.forEach(ProcessCacheTest::join);
        assertNull(torn.get());
    }

    /** Reads all rows once; counts those that differ from the last of the reader. */
    private static void read(final ProcessCache cache, final int reader, final AtomicLongArray changes,
            final AtomicReference<String> torn) {
        final MemorySegment copy = Arena.ofAuto().allocate(SPEC.rowBytes(), 8);
        final ImageClocks image = new ImageClocks();
        final long[] clocks = new long[2];
        long last = 0;
        for (int round = 0; round < 100; round++) {
            for (int row = 0; row < ROWS; row++) {
                final boolean isHeld = cache.copy(row, image, found -> {
                    clocks[0] = found.minimum;
                    clocks[1] = found.applied;
                    return copy.address();
                }) == ProcessCache.Copy.COPIED;
                if (!isHeld) {
                    continue;
                }
                final long expected = value(row, clocks[0], clocks[1]);
                for (int c = 0; c < COLUMNS; c++) {
                    if (copy.getAtIndex(ValueLayout.JAVA_LONG, c) != expected) {
                        torn.set("row " + row + " column " + c + " is " + copy.getAtIndex(ValueLayout.JAVA_LONG, c)
                                + ", expected " + expected);
                        return;
                    }
                }
                if (clocks[0] != last) {
                    changes.incrementAndGet(reader);
                    last = clocks[0];
                }
            }
        }
    }

    private static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
