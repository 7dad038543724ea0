package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import org.junit.jupiter.api.Test;

class StalenessChooserTest {
    private final StalenessChooser chooser = new StalenessChooser(Consistency.dssp(1, 3));

    @Test
    void waitingRaisesTheBoundUpToTheMost() {
        assertEquals(1, chooser.staleness());
        chooser.clockEnded(1_000, 50);
        assertEquals(1, chooser.staleness(), "a wait that is hardly noticed");
        for (final int expected : new int[] {2, 3, 3}) {
            chooser.clockEnded(1_000, 51);
            assertEquals(expected, chooser.staleness());
        }
    }

    @Test
    void calmClocksLowerItDownToTheLeast() {
        chooser.clockEnded(1_000, 900);
        chooser.clockEnded(1_000, 900);
        for (int clock = 1; clock <= 12; clock++) {
            chooser.clockEnded(1_000, 0);
            assertEquals(Math.max(1, 3 - clock / 4), chooser.staleness());
        }
    }
}
