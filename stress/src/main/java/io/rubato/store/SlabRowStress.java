package io.rubato.store;

import io.rubato.stress.MarkedRows;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The shard adds dense and sparse deltas to a row; a one-sided reader copies it meanwhile. */
@JCStressTest
@Description("A one-sided reader copies a row of a slab while the shard adds to it through another mapping.")
@Outcome(id = "busy", expect = Expect.ACCEPTABLE, desc = "The shard is writing the row.")
@Outcome(id = "old", expect = Expect.ACCEPTABLE, desc = "The row from before this turn.")
@Outcome(id = "new", expect = Expect.ACCEPTABLE, desc = "The row of this turn, or a newer one.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "A delta is in some columns and not in others.")
@Outcome(id = "backwards", expect = Expect.FORBIDDEN, desc = "An older row after a newer one.")
@State
public class SlabRowStress {
    private static final SharedSlab SLAB = new SharedSlab(1, 21);
    private static long added;
    private static long newest;

    private long written;
    private long read;
    private String wrong;

    @Actor
    public void shard() {
        SLAB.addOne(0, (++added & 1) == 0);
        written = added;
    }

    @Actor
    public void reader() {
        read = SLAB.read(0);
        if (read == SharedSlab.BUSY) {
            wrong = "busy";
        } else {
            wrong = read == MarkedRows.TORN ? "torn" : read < newest ? "backwards" : null;
            newest = read;
        }
    }

    @Arbiter
    public void outcome(final L_Result result) {
        result.r1 = wrong != null ? wrong : read < written ? "old" : "new";
    }
}
