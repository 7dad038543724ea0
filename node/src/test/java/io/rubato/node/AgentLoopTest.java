package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.junit.jupiter.api.Test;

class AgentLoopTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private int cycles;
    private boolean closed;
    private Outcome known;

    private Outcome run(final Runnable cycle, final Runnable close) {
        final Agent agent = new Agent() {
            @Override
            public int doWork() {
                cycles++;
                cycle.run();
                return 1;
            }

            @Override
            public void onClose() {
                closed = true;
                close.run();
            }

            @Override
            public String roleName() {
                return "test";
            }
        };
        return new AgentLoop(agent, () -> known, err, NoOpIdleStrategy.INSTANCE).run();
    }

    private void end() {
        known = new Outcome(true, "done");
        throw new AgentTerminationException("done");
    }

    @Test
    void anExceptionIsPrintedOncePerKindAndDoesNotEndTheAgent() {
        final Outcome outcome = run(() -> {
            if (cycles == 3) {
                end();
            }
            throw new IllegalStateException("cycle " + cycles);
        }, () -> {});
        assertEquals(known, outcome);
        assertTrue(closed);
        final String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("cycle 1") && !text.contains("cycle 2"), text);
    }

    /** As agents do that nobody has ended. */
    @Test
    void theReasonIsThatOfTheErrorNotThatOfTheEnd() {
        final Outcome outcome = run(() -> {
            throw new StackOverflowError();
        }, () -> known = new Outcome(false, "test was closed"));
        assertEquals(new Outcome(false, "java.lang.StackOverflowError"), outcome);
    }

    @Test
    void anAgentThatFailsInEveryCycleIsEnded() {
        final Outcome outcome = run(() -> {
            throw new IllegalStateException("no room");
        }, () -> {});
        assertTrue(closed);
        assertEquals(new Outcome(false, "test failed in every cycle: java.lang.IllegalStateException: no room"),
                outcome);
    }

    @Test
    void anAgentThatFailsNowAndThenGoesOn() {
        final Outcome outcome = run(() -> {
            if (cycles == 80_000) {
                end();
            }
            if (cycles % 3 != 0) {
                throw new IllegalStateException("no room");
            }
        }, () -> {});
        assertTrue(outcome.success());
    }

    @Test
    void anErrorEndsTheAgentAndClosesIt() {
        final Outcome outcome = run(() -> {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        }, () -> {});
        assertTrue(closed);
        assertEquals(1, cycles);
        assertEquals(false, outcome.success());
        assertTrue(outcome.reason().startsWith("mapped memory is gone: its file system is full"), outcome.reason());
    }

    @Test
    void anAgentThatCannotBeClosedHasFailed() {
        final Outcome outcome = run(this::end, () -> {
            throw new IllegalStateException("the disk is full");
        });
        assertEquals(new Outcome(false, "java.lang.IllegalStateException: the disk is full"), outcome);
    }
}
