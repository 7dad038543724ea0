package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CoreDistanceTest {
    @Test
    void aLineTakesTimeIfThereIsWhereToGo() {
        final double ns = CoreDistance.measure();
        assertTrue(Runtime.getRuntime().availableProcessors() == 1 ? ns == 0 : ns > 1, ns + " ns");
    }

    @Test
    void itIsToldWithItsSpread() {
        assertEquals("A line of memory took 70 ns from one core to another and back (60 to 350).",
                CoreDistance.tell(Samples.of(60, 350, 70)));
        assertEquals("There is one core only.", CoreDistance.tell(Samples.of(0, 0)));
    }
}
