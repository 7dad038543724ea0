package io.rubato.client;

import io.rubato.Row;
import io.rubato.Table;
import io.rubato.stress.MarkedRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.DirectBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The only worker of a job adds ones to two rows and reads them back through a cache of one row, while the agent, which
 * plays the shard as well, sends its deltas, brings images in, and acknowledges.
 */
@JCStressTest
@Description("A worker reads rows to which it has added, while the agent sends, brings images in and acknowledges.")
@Outcome(id = "all", expect = Expect.ACCEPTABLE, desc = "Every own delta, once.")
@Outcome(id = "waits", expect = Expect.ACCEPTABLE, desc = "No image at hand that would do.")
@Outcome(id = "lost", expect = Expect.FORBIDDEN, desc = "An own delta is missing.")
@Outcome(id = "doubled", expect = Expect.FORBIDDEN, desc = "An own delta shows twice.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "The columns differ.")
@State
public class ReadMyWritesStress {
    private static final int ROWS = 2;
    private static final int COLUMNS = 6;
    private static final Table TABLE = MarkedRows.table(ROWS, COLUMNS);
    private static final ProcessCache IMAGES = new ProcessCache(TABLE.spec(), ROWS, Arena.ofShared());
    /** Its cache has the least size, one row. */
    private static final WorkerTable OWN = new WorkerTable(TABLE, IMAGES, 1, 1, 1 << 16, Arena.ofShared());
    private static final Commands COMMANDS = new Commands();
    private static final AtomicLongArray ACKNOWLEDGED = new AtomicLongArray(1);
    private static final Agent AGENT = new Agent();
    private static final MemorySegment ONES = MarkedRows.row(COLUMNS);
    private static final long[] ADDED = new long[ROWS];
    private static int turn;

    static {
        MarkedRows.fill(ONES, COLUMNS, 1);
        AGENT.bringImage(0);
        AGENT.bringImage(1);
    }

    @Actor
    public void worker(final L_Result result) {
        turn++;
        final DeltaLog log = OWN.log(0);
        OWN.reclaim(0, ACKNOWLEDGED.getAcquire(0));
        add(log, turn % ROWS);
        if ((turn % 3 == 0 || log.isFull()) && log.sealed() < log.next()
                && COMMANDS.flush(0, 0, log.sealed(), log.next(), 0)) {
            log.seal();
        }
        final int row = (turn >> 1) % ROWS;
        final Row found = OWN.lookAgain(row, turn, 0);
        result.r1 = found == null ? "waits" : verdict(found, ADDED[row]);
    }

    private static void add(final DeltaLog log, final int row) {
        if (!OWN.incOpen(row, ONES, 0)) {
            if (log.isFull()) {
                return;
            }
            OWN.incNew(row, ONES, 0);
        }
        ADDED[row]++;
    }

    private static String verdict(final Row found, final long expected) {
        final long first = found.getLong(0);
        for (int column = 1; column < COLUMNS; column++) {
            if (found.getLong(column) != first) {
                return "torn";
            }
        }
        return first == expected ? "all" : first < expected ? "lost" : "doubled";
    }

    @Actor
    public void agent() {
        AGENT.work();
    }

    private static final class Agent implements Commands.Handler {
        private final MemorySegment image = MarkedRows.row(COLUMNS);
        private final long[] sums = new long[ROWS];
        private long minimumClock;
        private long applied;
        private int turn;

        /** An acknowledgement comes with an image or without. */
        void work() {
            turn++;
            COMMANDS.drain(this, 1);
            if (turn % 3 == 0) {
                bringImage((turn & 4) >> 2);
            }
            if (turn % 5 == 0) {
                ACKNOWLEDGED.setRelease(0, applied);
            }
        }

        void bringImage(final int row) {
            MarkedRows.fill(image, COLUMNS, sums[row]);
            IMAGES.put(row, ++minimumClock, applied, image, 0, _ -> false);
        }

        @Override
        public boolean onFlush(final int table, final int shard, final long from, final long to, final long clock) {
            final DeltaLog log = OWN.log(shard);
            for (long n = from; n < to; n++) {
                log.sequence(n, applied + 1);
                sums[log.row(n)] += log.values().get(ValueLayout.JAVA_LONG, log.valueOffset(n));
            }
            applied++;
            return true;
        }

        @Override
        public boolean onClock(final long clock) {
            throw new IllegalStateException("never sent");
        }

        @Override
        public boolean onRead(final int table, final long clock, final int staleness, final DirectBuffer rows,
                final int offset, final int count) {
            throw new IllegalStateException("never sent");
        }
    }
}
