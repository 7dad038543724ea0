package io.rubato.client;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A worker says what it is blocked on, that it waits for a shard, and that it goes on; the agent copies that. */
@JCStressTest
@Description("The agent copies a worker's demand while the worker changes it.")
@Outcome(id = "old", expect = Expect.ACCEPTABLE, desc = "A demand from before this turn.")
@Outcome(id = "new", expect = Expect.ACCEPTABLE, desc = "The demand of this turn, or a newer one.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "Fields of two demands, or not those of its version.")
@Outcome(id = "backwards", expect = Expect.FORBIDDEN, desc = "An older demand after a newer one.")
@State
public class DemandStress {
    private static final Demand WORKER = new Demand();
    private static final Demand COPY = new Demand();
    private static long changes;
    private static long newest;

    private long written;
    private long read;
    private String wrong;

    @Actor
    public void worker() {
        final long n = ++changes;
        switch ((int) (n % 3)) {
            case 0 -> WORKER.set((int) (n >>> 1) & Integer.MAX_VALUE, (int) n, n, (int) -n, 2 * n, 3 * n, (int) n, -n);
            case 1 -> WORKER.waitsForShard((int) n, -n);
            default -> WORKER.clear();
        }
        written = n;
    }

    @Actor
    public void agent() {
        COPY.copyFrom(WORKER);
        read = COPY.version() / 2;
        wrong = !isWhole(read) ? "torn" : read < newest ? "backwards" : null;
        newest = read;
    }

    /** Each change adds two to the version, so a version tells which fields belong to it. */
    private static boolean isWhole(final long n) {
        if (n == 0 || n % 3 == 2) {
            return COPY.table() == Demand.NOTHING;
        }
        final boolean place = COPY.shard() == (int) n && COPY.sinceNs() == -n;
        return n % 3 == 1 ? place && COPY.table() == Demand.SHARD
                : place && COPY.table() == ((int) (n >>> 1) & Integer.MAX_VALUE) && COPY.row() == (int) n
                        && COPY.clock() == n && COPY.staleness() == (int) -n && COPY.freshness() == 2 * n
                        && COPY.sequence() == 3 * n;
    }

    @Arbiter
    public void outcome(final L_Result result) {
        result.r1 = wrong != null ? wrong : read < written ? "old" : "new";
    }
}
