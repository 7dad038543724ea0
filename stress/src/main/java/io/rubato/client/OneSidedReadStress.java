package io.rubato.client;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A worker reads what it writes from the memory of a shard that is applying just that. */
@JCStressTest
@Description("A worker reads rows to which it has added from a slab, while the shard adds the same deltas there.")
@Outcome(id = "all", expect = Expect.ACCEPTABLE, desc = "Every own delta once, and what the minimum clock promises.")
@Outcome(id = "waits", expect = Expect.ACCEPTABLE, desc = "The shard was in the way for long.")
@Outcome(id = "lost", expect = Expect.FORBIDDEN, desc = "An own delta is missing.")
@Outcome(id = "doubled", expect = Expect.FORBIDDEN, desc = "An own delta shows twice.")
@Outcome(id = "too old", expect = Expect.FORBIDDEN, desc = "The clock promises a delta of others that is not there.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "A delta is in some columns and not in others.")
@State
public class OneSidedReadStress {
    private static final OneSidedDeltas DELTAS = new OneSidedDeltas(true);

    @Actor
    public void worker(final L_Result result) {
        result.r1 = DELTAS.read();
    }

    @Actor
    public void shard() {
        DELTAS.apply();
    }
}
