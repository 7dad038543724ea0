package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Reports whose queue nobody empties for a while. */
class WorkerReportsTest {
    private static final int CLOCKS = 1_000;

    private final WorkerReports reports = new WorkerReports(() -> 0, new WorkerStats());
    private long lastClock;
    private long items;
    private long samples;
    private double loss;
    private long testSamples;
    private double testLoss;

    private void drain() {
        reports.queue().drain((clock, itemCount, sampleCount, lossSum, testCount, testSum, _) -> {
            assertTrue(clock > lastClock);
            lastClock = clock;
            items += itemCount;
            samples += sampleCount;
            loss += lossSum;
            testSamples += testCount;
            testLoss += testSum;
            return true;
        }, CLOCKS);
    }

    @Test
    void whatHasNoRoomIsPartOfALaterReport() {
        for (int clock = 1; clock <= CLOCKS; clock++) {
            reports.add(clock, 0.5 * clock, 2);
            reports.clockEnded(clock);
        }
        drain();
        assertTrue(lastClock < CLOCKS);
        reports.clockEnded(CLOCKS);
        drain();
        assertEquals(CLOCKS, lastClock);
        assertEquals(CLOCKS * (CLOCKS + 1L) / 2, items);
        assertEquals(2 * CLOCKS, samples);
        assertEquals(0.5 * CLOCKS * (CLOCKS + 1L) / 2, loss);
    }

    @Test
    void whatIsReportedOfHeldOutDataWaitsForRoom() {
        reports.addTest(0.5, 3);
        reports.addTest(0.25, 4);
        reports.clockEnded(1);
        assertFalse(reports.isTestLeft());
        for (int clock = 2; clock <= CLOCKS; clock++) {
            reports.add(1, 1, 1);
            reports.clockEnded(clock);
        }
        reports.addTest(1, 1);
        reports.clockEnded(CLOCKS + 1);
        assertTrue(reports.isTestLeft());
        assertFalse(reports.postRest(CLOCKS + 1));
        assertTrue(reports.isTestLeft());
        drain();
        assertEquals(7, testSamples);
        assertEquals(0.75, testLoss);
        assertTrue(reports.postRest(CLOCKS + 1));
        assertFalse(reports.isTestLeft());
        assertFalse(reports.isAnythingLeft());
        drain();
        assertEquals(CLOCKS + 1, lastClock);
        assertEquals(8, testSamples);
        assertEquals(1.75, testLoss);
    }
}
