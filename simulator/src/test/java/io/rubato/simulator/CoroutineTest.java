package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoroutineTest {
    @Test
    void goesOnWhereItWasLeft() {
        final List<String> seen = new ArrayList<>();
        final Coroutine coroutine = new Coroutine(() -> {
            seen.add("begin");
            Coroutine.suspend();
            seen.add("middle");
            Coroutine.suspend();
            seen.add("end");
        });
        assertEquals(List.of(), seen);
        coroutine.resume();
        coroutine.resume();
        assertEquals(List.of("begin", "middle"), seen);
        assertFalse(coroutine.isDone());
        coroutine.resume();
        assertEquals(List.of("begin", "middle", "end"), seen);
        assertTrue(coroutine.isDone());
    }

    @Test
    void whatItThrowsComesOut() {
        final Coroutine coroutine = new Coroutine(() -> {
            Coroutine.suspend();
            throw new ArithmeticException("here");
        });
        coroutine.resume();
        assertEquals("here", assertThrows(ArithmeticException.class, coroutine::resume).getMessage());
        assertTrue(coroutine.isDone());
    }

    @Test
    void tenThousandTakeTurnsFromDeepInside() {
        final int count = 10_000;
        final long[] sum = new long[1];
        final Coroutine[] all = new Coroutine[count];
        for (int i = 0; i < count; i++) {
            final int number = i;
            all[i] = new Coroutine(() -> {
                while (true) {
                    suspendAt(30);
                    sum[0] += number;
                }
            });
        }
        for (int turn = 0; turn < 4; turn++) {
            for (final Coroutine coroutine : all) {
                coroutine.resume();
            }
        }
        assertEquals(3L * count * (count - 1) / 2, sum[0]);
    }

    private static void suspendAt(final int depth) {
        if (depth == 0) {
            Coroutine.suspend();
        } else {
            suspendAt(depth - 1);
        }
    }
}
