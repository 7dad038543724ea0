package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CoreDistanceTest {
    /** Even if both threads have to share a core. */
    @Test
    void everyTripIsMadeIfThereIsTime() {
        final double ns = CoreDistance.measure(3, 5, TimeUnit.HOURS.toNanos(1));
        assertTrue(ns > 0, ns + " ns");
    }

    @Test
    void whereThereIsNoTimeThereIsNoFigure() {
        assertEquals(0, CoreDistance.measure(1, Integer.MAX_VALUE, 0));
    }

    @Test
    void itIsToldWithItsSpread() {
        assertEquals("A line of memory took 70 ns from one core to another and back (60 to 350).",
                CoreDistance.tell(Samples.of(60, 350, 70)));
        assertEquals("How far the cores are from each other could not be measured.",
                CoreDistance.tell(Samples.of(0, 0)));
    }
}
