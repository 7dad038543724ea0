package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;

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
    void whatHasAStateIsForOneThread() {
        assertNotSame(Idle.BACKOFF.ofWorker(), Idle.BACKOFF.ofWorker());
    }
}
