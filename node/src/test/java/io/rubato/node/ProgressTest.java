package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.coordinator.ClockProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final String REDRAW = "\r\u001b[K";

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long nowNs = -5;

    @Test
    void withoutATerminalItPrintsLinesNowAndThen() {
        final Progress progress = progress(false, 40);
        for (int clock = 1; clock <= 40; clock++) {
            progress.onClock(at(clock));
        }

        final String[] lines = text().split("\n");
        assertEquals(21, lines.length);
        assertEquals("clock 1/40  objective 1.0000  2.5 M items/s", lines[0]);
        assertEquals("clock 2/40  objective 0.50000  2.5 M items/s", lines[1]);
        assertEquals("clock 40/40  objective 0.025000  2.5 M items/s", lines[20]);
    }

    @Test
    void whatIsReportedOfHeldOutDataStaysUntilTheNextTime() {
        final Progress progress = progress(false, 3);
        progress.onClock(at(1));
        progress.onClock(new ClockProgress(2, 2, 0.5, 0.75, 2, 2.5e6));
        progress.onClock(at(3));

        assertEquals("""
                clock 1/3  objective 1.0000  2.5 M items/s
                clock 2/3  objective 0.50000  test 0.75000  2.5 M items/s
                clock 3/3  objective 0.33333  test 0.75000  2.5 M items/s
                """, text());
    }

    @Test
    void withoutATerminalOnlyALongWaitIsMentioned() {
        final Progress progress = progress(false, 40);
        progress.onWaiting("worker 1 waits for worker 0");
        nowNs += TimeUnit.MILLISECONDS.toNanos(1_999);
        progress.onWaiting("worker 1 waits for worker 0");
        assertEquals("", text());

        nowNs += TimeUnit.MILLISECONDS.toNanos(1);
        progress.onWaiting("worker 1 waits for worker 0");
        progress.onWaiting("worker 1 waits for worker 0");
        assertEquals("worker 1 waits for worker 0\n", text());

        progress.onWaiting("");
        progress.onWaiting("worker 0 waits for worker 1");
        assertEquals("worker 1 waits for worker 0\n", text());
    }

    @Test
    void onATerminalItRedrawsABar() {
        final Progress progress = progress(true, 4);
        progress.onClock(at(1));
        progress.onClock(at(2));
        nowNs += TimeUnit.MILLISECONDS.toNanos(100);
        progress.onClock(at(3));
        progress.onClock(at(4));
        progress.onFailed("enough");

        assertEquals(REDRAW + "[=====               ] clock 1/4  objective 1.0000  2.5 M items/s"
                + REDRAW + "[===============     ] clock 3/4  objective 0.33333  2.5 M items/s"
                + REDRAW + "[====================] clock 4/4  objective 0.25000  2.5 M items/s\n", text());
        assertEquals("enough", progress.failure());
    }

    @Test
    void onATerminalItShowsWhoIsWaitedForAndStaysOnOneLine() {
        final Progress progress = progress(true, 4);
        final String sentence = "worker 0 (clock 12) has waited 1.2 s for worker 1 (clock 8)";
        progress.onClock(at(1));
        progress.onWaiting(sentence);
        nowNs += TimeUnit.MILLISECONDS.toNanos(100);
        progress.onWaiting(sentence);
        nowNs += TimeUnit.MILLISECONDS.toNanos(100);
        progress.onWaiting("w".repeat(200));

        assertEquals(REDRAW + "[=====               ] clock 1/4  objective 1.0000  2.5 M items/s" + REDRAW + "[1/4]  "
                + sentence
                + REDRAW + "[1/4]  " + "w".repeat(79 - 7), text());
    }

    private Progress progress(final boolean terminal, final int clocks) {
        return new Progress(new PrintStream(written, true, StandardCharsets.UTF_8), terminal, clocks, () -> nowNs);
    }

    private static ClockProgress at(final int clock) {
        return new ClockProgress(clock, clock, 1.0 / clock, Double.NaN, clock, 2.5e6);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
