package io.rubato.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The shard announces a message, adds its deltas to the rows and publishes that it has; a reader takes the applied
 * sequence, the row, and the applying sequence.
 */
@JCStressTest
@Description("A row holds what the applied sequence says before it is read, and no more than the applying one does after.")
@Outcome(id = "busy", expect = Expect.ACCEPTABLE, desc = "The shard is writing the row.")
@Outcome(id = "exact", expect = Expect.ACCEPTABLE, desc = "Both are the same, and that is what the row holds.")
@Outcome(id = "between", expect = Expect.ACCEPTABLE, desc = "No less than the first, no more than the second.")
@Outcome(id = "ahead", expect = Expect.FORBIDDEN, desc = "A delta is in the row that was not announced.")
@Outcome(id = "missing", expect = Expect.FORBIDDEN, desc = "A delta that was applied is not in the row.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "A delta is in some columns and not in others.")
@State
public class SlabAppliedStress {
    private static final SharedSlab SLAB = new SharedSlab(SharedSlab.MESSAGE_ROWS, 3);

    @Actor
    public void shard() {
        SLAB.applyMessage(true);
    }

    @Actor
    public void reader(final L_Result result) {
        result.r1 = SLAB.readBetweenSequences();
    }
}
