package io.rubato.client;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A worker offers numbered clock reports; the agent takes them, and refuses some at first. */
@JCStressTest
@Description("The queue of clock reports from a worker to the agent.")
@Outcome(id = "empty", expect = Expect.ACCEPTABLE, desc = "Nothing to take.")
@Outcome(id = "next", expect = Expect.ACCEPTABLE, desc = "The next report, whole.")
@Outcome(id = "refused", expect = Expect.ACCEPTABLE, desc = "The next report, whole, but it was left in the queue.")
@Outcome(id = "lost or reordered", expect = Expect.FORBIDDEN, desc = "Another report than the next one.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "Fields of two reports.")
@State
public class ReportQueueStress {
    private static final ReportQueue REPORTS = new ReportQueue();
    private static final Taker TAKER = new Taker();
    private static long offered;

    @Actor
    public void worker() {
        final long n = offered + 1;
        if (REPORTS.offer(n, 2 * n, 3 * n, n / 2.0, 4 * n, n / 4.0, -n)) {
            offered = n;
        }
    }

    @Actor
    public void agent(final L_Result result) {
        TAKER.found = "empty";
        TAKER.wrong = null;
        REPORTS.drain(TAKER, TAKER.limit());
        result.r1 = TAKER.wrong != null ? TAKER.wrong : TAKER.found;
    }

    private static final class Taker implements ReportQueue.Handler {
        private String found;
        private String wrong;
        private long last;
        private long refused;

        /** By turns quicker than the worker, so that the queue is often empty, and slower, so that it is often full. */
        int limit() {
            return 1 + (int) (last >> 16 & 1);
        }

        @Override
        public boolean onReport(final long clock, final long items, final long samples, final double loss,
                final long testSamples, final double testLoss, final long nanos) {
            if (items != 2 * clock || samples != 3 * clock || loss != clock / 2.0
                    || testSamples != 4 * clock || testLoss != clock / 4.0 || nanos != -clock) {
                wrong = "torn";
            } else if (clock != last + 1) {
                wrong = "lost or reordered";
            } else if (clock % 5 == 0 && refused != clock) {
                found = "refused";
                refused = clock;
                return false;
            } else {
                found = "next";
            }
            last = clock;
            return true;
        }
    }
}
