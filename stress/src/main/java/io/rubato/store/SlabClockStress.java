package io.rubato.store;

import io.rubato.stress.MarkedRows;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The shard adds the deltas of a clock to its rows and publishes the minimum clock; a reader takes clock, then row. */
@JCStressTest
@Description("A minimum clock that a one-sided reader sees implies the deltas in the rows it reads afterwards.")
@Outcome(id = "busy", expect = Expect.ACCEPTABLE, desc = "The shard is writing the row.")
@Outcome(id = "just these", expect = Expect.ACCEPTABLE, desc = "The deltas that the clock promises.")
@Outcome(id = "newer too", expect = Expect.ACCEPTABLE, desc = "The deltas that the clock promises, and newer ones.")
@Outcome(id = "missing", expect = Expect.FORBIDDEN, desc = "The clock promises a delta that the row does not hold.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "A delta is in some columns and not in others.")
@State
public class SlabClockStress {
    private static final int ROWS = 3;
    private static final SharedSlab SLAB = new SharedSlab(ROWS, 3);
    private static long clock;
    private static int turn;

    @Actor
    public void shard() {
        clock++;
        for (int row = 0; row < ROWS; row++) {
            SLAB.addOne(row, true);
        }
        SLAB.store().minimumClock(clock);
    }

    @Actor
    public void reader(final L_Result result) {
        turn = turn + 1 == ROWS ? 0 : turn + 1;
        final long minimumClock = SLAB.reader().minimumClock();
        final long deltas = SLAB.read(turn);
        if (deltas == SharedSlab.BUSY) {
            result.r1 = "busy";
        } else if (deltas == MarkedRows.TORN) {
            result.r1 = "torn";
        } else {
            result.r1 = deltas < minimumClock ? "missing" : deltas == minimumClock ? "just these" : "newer too";
        }
    }
}
