package io.rubato.client;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Must fail: a worker that frees records which the agent has sent but the shard has not acknowledged. */
@JCStressTest
@Description("A delta log whose records are freed before they are acknowledged.")
@Outcome(id = "nothing new", expect = Expect.ACCEPTABLE, desc = "No record was handed over.")
@Outcome(id = "records", expect = Expect.ACCEPTABLE, desc = "The next records, whole.")
@Outcome(id = "lost or reordered", expect = Expect.FORBIDDEN, desc = "Other records than the next ones.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "A record that is not what the worker had written.")
@Outcome(id = "freed too early", expect = Expect.FORBIDDEN, desc = "A record changed before it was acknowledged.")
@State
public class BrokenDeltaLogStress {
    private static final HandOver HAND_OVER = new HandOver(false);

    @Actor
    public void worker() {
        HAND_OVER.write();
    }

    @Actor
    public void agent(final L_Result result) {
        result.r1 = HAND_OVER.send();
    }
}
