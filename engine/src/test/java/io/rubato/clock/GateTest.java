package io.rubato.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
    private static Consistency consistency(final String name) {
        return switch (name) {
            case "bsp" -> Consistency.bsp();
            case "asp" -> Consistency.asp();
            default -> Consistency.ssp(Integer.parseInt(name.substring(3)));
        };
    }

    /** A read at clock 5, or as given; -1 takes the table's bound. */
    @ParameterizedTest
    @CsvSource({"bsp, -1, 5, 5", "ssp0, -1, 5, 5", "ssp1, -1, 5, 4", "ssp3, -1, 5, 2", "ssp5, -1, 5, 0",
            "ssp9, -1, 5, 0", "ssp3, -1, 0, 0", "asp, -1, 5, 0", "bsp, 2, 5, 3", "ssp3, 0, 5, 5", "ssp3, 1, 5, 4",
            "asp, 0, 5, 5", "asp, 2, 5, 3", "asp, 9, 5, 0", "ssp2147483647, -1, 5, 0", "bsp, 2147483647, 5, 0"})
    void freshnessIsTheTableOfTheModels(final String model, final int staleness, final long clock,
            final long expected) {
        assertEquals(expected, Gate.freshness(consistency(model), staleness, clock));
    }

    /** The definition, over all small clocks: open when every worker, the reader included, has reached c - s. */
    @Test
    void theGateIsOpenWhenEveryWorkerIsAtLeastThere() {
        for (int a = 0; a < 6; a++) {
            for (int b = 0; b < 6; b++) {
                final VectorClock clocks = new VectorClock(2);
                clocks.advance(0, a);
                clocks.advance(1, b);
                for (int c = 0; c < 6; c++) {
                    final int slowest = Math.min(a, b);
                    assertEquals(slowest >= c, open(clocks, Consistency.bsp(), c));
                    assertEquals(true, open(clocks, Consistency.asp(), c));
                    for (int s = 0; s < 6; s++) {
                        assertEquals(slowest >= c - s, open(clocks, Consistency.ssp(s), c));
                        assertEquals(slowest >= c - s, open(clocks, Consistency.asp(), s, c));
                    }
                }
            }
        }
    }

    private static boolean open(final VectorClock clocks, final Consistency consistency, final long clock) {
        return open(clocks, consistency, Gate.TABLE_BOUND, clock);
    }

    private static boolean open(final VectorClock clocks, final Consistency consistency, final int staleness,
            final long clock) {
        final int laggard = Gate.laggard(clocks, null, Gate.freshness(consistency, staleness, clock));
        assertEquals(laggard == Gate.NOBODY ? laggard : clocks.slowest(), laggard);
        return laggard == Gate.NOBODY;
    }

    /** 1.6 of docs/papers.md. */
    @Test
    void sspWithZeroIsBspAndWithoutABoundAsynchronous() {
        final VectorClock clocks = new VectorClock(2);
        for (int c = 0; c < 100; c++) {
            assertEquals(open(clocks, Consistency.bsp(), c), open(clocks, Consistency.ssp(0), c));
            assertEquals(open(clocks, Consistency.asp(), c), open(clocks, Consistency.ssp(Integer.MAX_VALUE), c));
            clocks.advance(c % 2, c);
        }
    }

    @Test
    void retiredWorkersKeepNoGateShut() {
        final VectorClock clocks = new VectorClock(3);
        IntStream.range(0, 3).forEach(worker -> clocks.advance(worker, VectorClock.RETIRED));
        assertEquals(true, open(clocks, Consistency.bsp(), 1_000_000));
    }
}
