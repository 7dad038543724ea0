package io.rubato.store;

import io.rubato.stress.MarkedRows;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The shard adds the deltas of a message to its rows and publishes the message's sequence number; a reader takes the
 * applied sequence, the row, and the applied sequence again. A row promises no less than the first; that it can hold
 * more than the second is what keeps a one-sided read from telling which own deltas an image holds.
 */
@JCStressTest
@Description("An applied sequence that a one-sided reader sees implies the deltas in the rows it reads afterwards.")
@Outcome(id = "busy", expect = Expect.ACCEPTABLE, desc = "The shard is writing the row.")
@Outcome(id = "between", expect = Expect.ACCEPTABLE, desc = "No less than the first sequence, no more than the second.")
@Outcome(id = "ahead of both", expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "The row holds a message that neither sequence admits: it is published after the batch.")
@Outcome(id = "missing", expect = Expect.FORBIDDEN, desc = "A delta that the sequence promises is not in the row.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "A delta is in some columns and not in others.")
@State
public class SlabAppliedStress {
    private static final int ROWS = 3;
    private static final SharedSlab SLAB = new SharedSlab(ROWS, 3);
    private static long sequence;
    private static int turn;

    @Actor
    public void shard() {
        sequence++;
        for (int row = 0; row < ROWS; row++) {
            SLAB.addOne(row, true);
        }
        SLAB.store().appliedSequence(0, sequence);
    }

    @Actor
    public void reader(final L_Result result) {
        turn = turn + 1 == ROWS ? 0 : turn + 1;
        final long before = SLAB.reader().appliedSequence(0);
        final long messages = SLAB.read(turn);
        final long after = SLAB.reader().appliedSequence(0);
        if (messages == SharedSlab.BUSY) {
            result.r1 = "busy";
        } else if (messages == MarkedRows.TORN) {
            result.r1 = "torn";
        } else {
            result.r1 = messages < before ? "missing" : messages <= after ? "between" : "ahead of both";
        }
    }
}
