package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On a clock that only yields and parks move. */
class CourteousIdleTest {
    private static final int SPINS = 3;

    private final List<String> done = new ArrayList<>();
    private long now = Long.MAX_VALUE - 50_000;
    private long yieldNs = 10_000;
    private final CourteousIdle idle = new CourteousIdle(SPINS, 1_000, 5_000, () -> now, () -> {
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
    void yieldsThatTakeLittleGoOnUntilItHasYieldedLongEnough() {
        final int yields = (int) (CourteousIdle.YIELDING_NS / yieldNs) + 1;
        idle(SPINS + yields + 1);
        assertEquals(yields, done.stream().filter("yield"::equals).count());
        assertEquals("park 1000", done.getLast());
    }

    @Test
    void parksOnceAYieldHasTakenLong() {
        idle(SPINS + 1);
        yieldNs = CourteousIdle.SHORT_YIELD_NS + 1;
        idle(5);
        assertEquals(List.of("yield", "yield", "park 1000", "park 2000", "park 4000", "park 5000"), done);
    }

    @Test
    void afterWorkItBeginsAnew() {
        yieldNs = CourteousIdle.SHORT_YIELD_NS + 1;
        idle(SPINS + 3);
        idle.idle(1);
        done.clear();
        idle(SPINS + 2);
        assertEquals(List.of("yield", "park 1000"), done);
    }

    @Test
    void theTimeSpentBeforeWorkIsForgotten() {
        idle(SPINS + 5);
        idle.reset();
        now += CourteousIdle.YIELDING_NS;
        done.clear();
        idle(SPINS + 2);
        assertEquals(List.of("yield", "yield"), done);
    }

    private void idle(final int times) {
        for (int i = 0; i < times; i++) {
            idle.idle(0);
        }
    }
}
