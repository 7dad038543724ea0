package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DutyTurnTest {
    private final DutyTurn turn = new DutyTurn();

    @Test
    void theAgentRestsOnceAfterAWorkersCycle() {
        assertEquals(1, turn.ofAgent(() -> 1));
        assertEquals(2, turn.ofWorker(() -> 2));
        assertEquals(0, turn.ofAgent(() -> 1));
        assertEquals(1, turn.ofAgent(() -> 1));
    }

    @Test
    void nobodyRunsACycleInsideAnother() {
        assertEquals(0, turn.ofAgent(() -> turn.ofWorker(() -> 1)));
        assertEquals(0, turn.ofWorker(() -> turn.ofAgent(() -> 1)));
    }

    /** However often workers try meanwhile: they find a failed cycle too, and leave it. */
    @Test
    void theAgentThrowsWhatAWorkersCycleHasThrown() {
        final RuntimeException failure = new IllegalStateException("broken");
        assertEquals(0, turn.ofWorker(() -> {
            throw failure;
        }));
        assertEquals(0, turn.ofAgent(() -> 1));
        assertEquals(0, turn.ofWorker(() -> 1));
        assertSame(failure, assertThrows(IllegalStateException.class, () -> turn.ofAgent(() -> 1)));
        assertEquals(1, turn.ofWorker(() -> 1));
    }

    @Test
    void noCycleBeginsAfterTheEnd() {
        turn.end();
        assertEquals(0, turn.ofAgent(() -> 1));
        assertEquals(0, turn.ofWorker(() -> 1));
    }
}
