package io.rubato.client;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The agent and a worker run duty cycles by turns; what a cycle counts is plain. */
@JCStressTest
@Description("The agent's thread and a worker that waits run the client's duty cycle.")
@Outcome(id = "by turns", expect = Expect.ACCEPTABLE, desc = "Every cycle saw what those before it wrote.")
@Outcome(id = "two at once", expect = Expect.FORBIDDEN, desc = "A cycle was lost: another one ran meanwhile.")
@State
public class DutyTurnStress {
    private static final DutyTurn TURN = new DutyTurn();
    private static final int STEPS = 8;
    private static long steps;
    private static long ofAgent;
    private static long ofWorker;

    private static int cycle() {
        for (int i = 0; i < STEPS; i++) {
            steps++;
        }
        return 1;
    }

    @Actor
    public void agent() {
        ofAgent += TURN.ofAgent(DutyTurnStress::cycle);
    }

    @Actor
    public void worker() {
        ofWorker += TURN.ofWorker(DutyTurnStress::cycle);
    }

    @Arbiter
    public void outcome(final L_Result result) {
        result.r1 = steps == STEPS * (ofAgent + ofWorker) ? "by turns" : "two at once";
    }
}
