package io.rubato.simulator.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import org.junit.jupiter.api.Test;

class PromiseTest {
    private static long ofAll(final Consistency consistency, final int bound, final long clock) {
        return Promise.ofAll(consistency, bound, clock, 10);
    }

    @Test
    void isThatOfTheModel() {
        assertEquals(7, ofAll(Consistency.bsp(), -1, 7));
        assertEquals(4, ofAll(Consistency.ssp(3), -1, 7));
        assertEquals(0, ofAll(Consistency.ssp(3), -1, 2));
        assertEquals(4, ofAll(Consistency.essp(3), -1, 7));
        assertEquals(2, ofAll(Consistency.dssp(1, 5), -1, 7));
        assertEquals(0, ofAll(Consistency.asp(), -1, 7));
        assertEquals(0, ofAll(Consistency.vap(1), -1, 7));
        assertEquals(0, ofAll(Consistency.pssp(3, 8), -1, 7));
        assertEquals(4, ofAll(Consistency.pssp(3, 9), -1, 7));
        assertEquals(0, ofAll(Consistency.pbsp(0), -1, 7));
    }

    @Test
    void aBoundOfItsOwnReplacesTheModel() {
        assertEquals(6, ofAll(Consistency.ssp(3), 1, 7));
        assertEquals(6, ofAll(Consistency.asp(), 1, 7));
        assertEquals(6, ofAll(Consistency.pbsp(2), 1, 7));
    }

    @Test
    void aSampleIsAskedOnlyWhereItIsLessThanAll() {
        assertEquals(8, Promise.sample(Consistency.pssp(3, 8), -1, 10));
        assertEquals(0, Promise.sample(Consistency.pssp(3, 9), -1, 10));
        assertEquals(0, Promise.sample(Consistency.pssp(3, 8), 2, 10));
        assertEquals(0, Promise.sample(Consistency.ssp(3), -1, 10));
        assertEquals(4, Promise.ofSome(Consistency.pssp(3, 8), 7));
    }
}
