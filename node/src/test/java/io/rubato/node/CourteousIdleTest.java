package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On a clock that only yields and parks move. */
class CourteousIdleTest {
    private static final int SPINS = 3;
    private static final int MIN_YIELDS = 4;

    private final List<String> done = new ArrayList<>();
    private long now = Long.MAX_VALUE - 50_000;
    private long yieldNs = 10_000;
    private final CourteousIdle idle = new CourteousIdle(SPINS, MIN_YIELDS, 1_000, 5_000, () -> now, () -> {
        done.add("yield");
        now += yieldNs;
    }, nanos -> {
        done.add("park " + nanos);
        now += nanos;
    });

    @Test
    void spinsFirst() {
        idle(SPINS);
        assertEquals(List.of(), done);
        idle(1);
        assertEquals(List.of("yield"), done);
    }

    /** The clock wraps around meanwhile. */
    @Test
    void goesOnYieldingWhileYieldsTakeLittle() {
        final int yields = (int) (CourteousIdle.YIELDING_NS / yieldNs) + 1;
        idle(SPINS + yields + 1);
        assertEquals(yields, Collections.frequency(done, "yield"));
        assertEquals("park 1000", done.getLast());
    }

    @Test
    void parksForLongerAndLongerOnceAYieldHasTakenLong() {
        idle(SPINS + MIN_YIELDS);
        yieldNs = CourteousIdle.SHORT_YIELD_NS + 1;
        idle(1);
        done.clear();
        idle(4);
        assertEquals(List.of("park 1000", "park 2000", "park 4000", "park 5000"), done);
        idle.idle(1);
        idle(SPINS + MIN_YIELDS + 1);
        assertEquals("park 1000", done.getLast());
    }

    @Test
    void yieldsAFewTimesHoweverLongTheyTake() {
        yieldNs = CourteousIdle.SHORT_YIELD_NS + 1;
        idle(1);
        idle(SPINS + MIN_YIELDS);
        assertEquals(MIN_YIELDS, Collections.frequency(done, "yield"));
        assertEquals("park 1000", done.getLast());
    }

    @Test
    void aLongYieldIsRememberedUntilThereIsWork() {
        yieldNs = CourteousIdle.SHORT_YIELD_NS + 1;
        idle(SPINS + 1);
        yieldNs = 10;
        idle(MIN_YIELDS);
        assertEquals("park 1000", done.getLast());
        idle.idle(1);
        assertYieldsOn();
    }

    @Test
    void whoHasWaitedLongParksSoonerTheNextTime() {
        idle(SPINS + MIN_YIELDS);
        idle.idle(1);
        now += CourteousIdle.SHORT_WAIT_NS;
        idle(SPINS + MIN_YIELDS);
        idle.reset();
        idle.idle(1);
        done.clear();
        idle(SPINS + MIN_YIELDS + 1);
        assertEquals("park 1000", done.getLast());
        idle.reset();
        assertYieldsOn();
    }

    @Test
    void whatIsDoneBetweenWaitsIsNoWait() {
        idle(SPINS + 1);
        idle.reset();
        now += CourteousIdle.SHORT_WAIT_NS + 1;
        idle.reset();
        assertYieldsOn();
    }

    @Test
    void theTimeSpentYieldingBeforeWorkIsForgotten() {
        idle(SPINS + MIN_YIELDS);
        idle.reset();
        now += CourteousIdle.YIELDING_NS;
        assertYieldsOn();
    }

    /** Rather than to park after the fewest yields. */
    private void assertYieldsOn() {
        done.clear();
        idle(SPINS + MIN_YIELDS + 1);
        assertEquals(Collections.nCopies(MIN_YIELDS + 1, "yield"), done);
    }

    private void idle(final int times) {
        for (int i = 0; i < times; i++) {
            idle.idle(0);
        }
    }
}
