package io.rubato.client;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A worker offers numbered commands of all kinds; the agent takes them, and refuses some at first. */
@JCStressTest
@Description("The queue of commands from a worker to the agent.")
@Outcome(id = "empty", expect = Expect.ACCEPTABLE, desc = "Nothing to take.")
@Outcome(id = "next", expect = Expect.ACCEPTABLE, desc = "The next command, whole.")
@Outcome(id = "refused", expect = Expect.ACCEPTABLE, desc = "The next command, whole, but it was left in the queue.")
@Outcome(id = "lost or reordered", expect = Expect.FORBIDDEN, desc = "Another command than the next one.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "Fields of two commands.")
@State
public class CommandsStress {
    private static final int KINDS = 3;
    private static final Commands COMMANDS = new Commands(1 << 13);
    private static final Taker TAKER = new Taker();
    private static final int[] ROWS = new int[40];
    private static long offered;

    @Actor
    public void worker() {
        final long n = offered + 1;
        final boolean taken = switch ((int) (n % KINDS)) {
            case 0 -> COMMANDS.flush((int) n, (int) -n, n, 2 * n, 3 * n);
            case 1 -> COMMANDS.clock(n);
            default -> COMMANDS.read((int) n, n, (int) -n, wantsNewer(n), ROWS, rows(n));
        };
        if (taken) {
            offered = n;
            Arrays.fill(ROWS, (int) n + 1);
        }
    }

    @Actor
    public void agent(final L_Result result) {
        TAKER.found = "empty";
        TAKER.wrong = null;
        COMMANDS.drain(TAKER, TAKER.limit());
        result.r1 = TAKER.wrong != null ? TAKER.wrong : TAKER.found;
    }

    private static int rows(final long number) {
        return 1 + (int) (number % ROWS.length);
    }

    private static boolean wantsNewer(final long number) {
        return number % 4 == 2;
    }

    private static final class Taker implements Commands.Handler {
        private String found;
        private String wrong;
        private long last;
        private long refused;

        /** By turns quicker than the worker, so that the queue is often empty, and slower, so that it is often full. */
        int limit() {
            return 1 + (int) (last >> 16 & 1);
        }

        @Override
        public boolean onFlush(final int table, final int shard, final long from, final long to, final long clock) {
            return take(0, from, table == (int) from && shard == (int) -from && to == 2 * from && clock == 3 * from);
        }

        @Override
        public boolean onClock(final long clock) {
            return take(1, clock, true);
        }

        @Override
        public boolean onRead(final int table, final long clock, final int staleness, final boolean wantsNewer,
                final DirectBuffer rows, final int offset, final int count) {
            boolean whole = table == (int) clock && staleness == (int) -clock && wantsNewer == wantsNewer(clock)
                    && count == rows(clock);
            for (int i = 0; i < count; i++) {
                whole &= rows.getInt(offset + Integer.BYTES * i) == (int) clock;
            }
            return take(2, clock, whole);
        }

        private boolean take(final int kind, final long number, final boolean whole) {
            if (!whole) {
                wrong = "torn";
            } else if (number != last + 1 || number % KINDS != kind) {
                wrong = "lost or reordered";
            } else if (number % 5 == 0 && refused != number) {
                found = "refused";
                refused = number;
                return false;
            } else {
                found = "next";
            }
            last = number;
            return true;
        }
    }
}
