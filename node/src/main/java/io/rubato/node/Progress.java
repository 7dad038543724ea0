package io.rubato.node;

import io.rubato.coordinator.ClockProgress;
import io.rubato.coordinator.JobListener;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.Member;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * Shows a running job: on a terminal as a bar that is redrawn in place, elsewhere as about {@value #LINES} lines, and
 * one more when somebody has been waited for longer than usual. Used by the coordinator's thread; {@link #report} and
 * {@link #failure} are for others once that thread has ended.
 */
final class Progress implements JobListener {
    private static final int LINES = 20;
    private static final int BAR_CELLS = 20;
    private static final int TERMINAL_COLUMNS = 79;
    private static final long REDRAW_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONG_WAIT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long WAIT_REMINDER_NS = TimeUnit.SECONDS.toNanos(10);

    private final PrintStream err;
    private final boolean terminal;
    private final int clocks;
    private final NanoClock time;
    private ClockProgress last;
    /** What was reported of held-out data last; NaN if nothing was. */
    private double lastTest = Double.NaN;
    /** Clocks with an objective: learners use others to set up and to collect. */
    private int trained;
    private long firstClockNs;
    private int members;
    private String waiting = "";
    private long waitingSinceNs;
    private long nextWaitLineNs;
    private long nextRedrawNs;
    private boolean drawn;
    private JobReport report;
    private String failure;

    Progress(final PrintStream err, final boolean terminal, final int clocks, final NanoClock time) {
        this.err = err;
        this.terminal = terminal;
        this.clocks = clocks;
        this.time = time;
        this.nextRedrawNs = time.nanoTime();
    }

    /** How long it took until every worker had reported its first clock; NaN if there was none. */
    double firstClockSeconds(final long commandedNs) {
        return last == null ? Double.NaN : (firstClockNs - commandedNs) / 1e9;
    }

    /** What the finished job did; null if it did not finish well. */
    JobReport report() {
        return report;
    }

    /** Why the job failed; null if it did not. */
    String failure() {
        return failure;
    }

    @Override
    public void onMember(final Member member) {
        members++;
        if (terminal) {
            redraw(false);
        }
    }

    @Override
    public void onClock(final ClockProgress progress) {
        if (last == null) {
            firstClockNs = time.nanoTime();
        }
        last = progress;
        lastTest = Double.isNaN(progress.test()) ? lastTest : progress.test();
        trained++;
        if (terminal) {
            redraw(trained == clocks);
        } else if (trained == 1 || trained % Math.max(1, clocks / LINES) == 0 || trained == clocks) {
            err.println(line());
        }
    }

    @Override
    public void onWaiting(final String sentence) {
        final long nowNs = time.nanoTime();
        if (waiting.isEmpty()) {
            waitingSinceNs = nowNs;
            nextWaitLineNs = nowNs + LONG_WAIT_NS;
        }
        waiting = sentence;
        if (terminal) {
            redraw(false);
        } else if (!sentence.isEmpty() && nowNs - nextWaitLineNs >= 0) {
            err.println(sentence);
            nextWaitLineNs = nowNs + WAIT_REMINDER_NS;
        }
    }

    @Override
    public void onFinished(final JobReport finished) {
        report = finished;
        endBar();
    }

    @Override
    public void onFailed(final String reason) {
        failure = reason;
        endBar();
    }

    private void redraw(final boolean atOnce) {
        final long nowNs = time.nanoTime();
        if (!atOnce && nowNs - nextRedrawNs < 0) {
            return;
        }
        nextRedrawNs = nowNs + REDRAW_NS;
        final String text = waiting.isEmpty() || nowNs - waitingSinceNs < REDRAW_NS ? bar() : waitingBar();
        err.print(Terminal.CLEAR_LINE + text.substring(0, Math.min(text.length(), TERMINAL_COLUMNS)));
        err.flush();
        drawn = true;
    }

    private String bar() {
        final int filled = (int) ((long) trained * BAR_CELLS / clocks);
        return "[" + "=".repeat(filled) + " ".repeat(BAR_CELLS - filled) + "] " + (last == null
                ? "starting, " + Text.plural(members, "process is", "processes are") + " here" : line());
    }

    /** There is room for one of them: who is waited for matters more than the objective. */
    private String waitingBar() {
        return Text.of("[%d/%d]  %s", trained, clocks, waiting);
    }

    private void endBar() {
        if (drawn) {
            err.println();
            drawn = false;
        }
    }

    private String line() {
        return Text.of("clock %d/%d  objective %.5g%s  %s items/s", trained, clocks, last.objective(),
                Double.isNaN(lastTest) ? "" : Text.of("  test %.5g", lastTest), Text.count(last.itemsPerSecond()));
    }
}
