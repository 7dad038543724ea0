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
        assertInstanceOf(BackoffIdleStrategy.class, Idle.of("backoff").ofWorker(false));
        assertInstanceOf(YieldingIdleStrategy.class, Idle.of("yield").ofAgent(false));
        assertInstanceOf(BusySpinIdleStrategy.class, Idle.of("spin").ofCalmAgent());
        assertEquals(Idle.BACKOFF, Idle.of(Idle.DEFAULT));
    }

    @Test
    void overANetworkWhoBacksOffYieldsForLonger() {
        assertInstanceOf(CourteousIdle.class, Idle.BACKOFF.ofWorker(true));
        assertInstanceOf(CourteousIdle.class, Idle.BACKOFF.ofAgent(true));
        assertInstanceOf(YieldingIdleStrategy.class, Idle.YIELD.ofWorker(true));
        assertInstanceOf(BusySpinIdleStrategy.class, Idle.SPIN.ofAgent(true));
    }

    @Test
    void calmAgentsYieldLessAndParkLonger() {
        final String busy = Idle.BACKOFF.ofAgent(false).toString();
        final String calm = Idle.BACKOFF.ofCalmAgent().toString();
        assertTrue(busy.contains("maxYields=20,") && busy.contains("maxParkPeriodNs=250000"), busy);
        assertTrue(calm.contains("maxYields=1,") && calm.contains("maxParkPeriodNs=1000000"), calm);
    }

    @Test
    void whatHasAStateIsForOneThread() {
        assertNotSame(Idle.BACKOFF.ofWorker(true), Idle.BACKOFF.ofWorker(true));
        assertNotSame(Idle.BACKOFF.ofCalmAgent(), Idle.BACKOFF.ofCalmAgent());
    }
}
