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
        assertInstanceOf(BackoffIdleStrategy.class, Idle.of("backoff").ofWorker());
        assertInstanceOf(YieldingIdleStrategy.class, Idle.of("yield").ofAgent());
        assertInstanceOf(BusySpinIdleStrategy.class, Idle.of("spin").ofCalmAgent());
        assertEquals(Idle.BACKOFF, Idle.of(Idle.DEFAULT));
    }

    @Test
    void calmAgentsYieldLessAndParkLonger() {
        final String busy = Idle.BACKOFF.ofAgent().toString();
        final String calm = Idle.BACKOFF.ofCalmAgent().toString();
        assertTrue(busy.contains("maxYields=20,") && busy.contains("maxParkPeriodNs=250000"), busy);
        assertTrue(calm.contains("maxYields=1,") && calm.contains("maxParkPeriodNs=1000000"), calm);
    }

    @Test
    void whatHasAStateIsForOneThread() {
        assertNotSame(Idle.BACKOFF.ofWorker(), Idle.BACKOFF.ofWorker());
        assertNotSame(Idle.BACKOFF.ofCalmAgent(), Idle.BACKOFF.ofCalmAgent());
    }
}
