package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DetachedOutputTest {
    @Test
    void whatWasWrittenIsPrintedBeforeTheEnd() {
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        final StringBuilder expected = new StringBuilder();
        try (PrintStream out =
                new PrintStream(new DetachedOutput(new PrintStream(printed)), true, StandardCharsets.UTF_8)) {
            for (int i = 0; i < 50; i++) {
                out.println("line " + i);
                expected.append("line ").append(i).append(System.lineSeparator());
            }
        }
        assertEquals(expected.toString(), printed.toString(StandardCharsets.UTF_8));
    }

    /** If the writer waited, nobody would open the latch. */
    @Test
    void aTargetThatTakesNothingDoesNotHoldTheWriterUp() throws Exception {
        final CountDownLatch open = new CountDownLatch(1);
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        final OutputStream stopped = new OutputStream() {
            @Override
            public void write(final int b) {
                try {
                    open.await();
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                printed.write(b);
            }
        };
        try (DetachedOutput out = new DetachedOutput(new PrintStream(stopped, true))) {
            for (int i = 0; i < 100_000; i++) {
                out.write("x\n".getBytes(StandardCharsets.UTF_8));
            }
            open.countDown();
        }
        assertTrue(printed.size() > 0 && printed.size() < 200_000, "printed " + printed.size());
    }
}
