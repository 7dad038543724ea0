package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;

class IdleTest {
    @Test
    void eachNameIsOneWay() {
        assertInstanceOf(CourteousIdle.class, Idle.of("backoff").ofWorker());
        assertInstanceOf(CourteousIdle.class, Idle.of("backoff").ofAgent());
        assertInstanceOf(BackoffIdleStrategy.class, Idle.of("backoff").ofCalmAgent());
        assertInstanceOf(YieldingIdleStrategy.class, Idle.of("yield").ofAgent());
        assertInstanceOf(BusySpinIdleStrategy.class, Idle.of("spin").ofCalmAgent());
        assertEquals(Idle.BACKOFF, Idle.of(Idle.DEFAULT));
    }

    @Test
    void calmAgentsHardlyYieldAndParkLong() {
        final String calm = Idle.BACKOFF.ofCalmAgent().toString();
        assertTrue(calm.contains("maxYields=1,") && calm.contains("maxParkPeriodNs=1000000"), calm);
    }

    @Test
    void whatHasAStateIsForOneThread() {
        assertNotSame(Idle.BACKOFF.ofWorker(), Idle.BACKOFF.ofWorker());
        assertNotSame(Idle.BACKOFF.ofCalmAgent(), Idle.BACKOFF.ofCalmAgent());
    }
}
