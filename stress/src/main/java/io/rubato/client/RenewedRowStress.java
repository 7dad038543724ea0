package io.rubato.client;

import io.rubato.Row;
import io.rubato.Table;
import io.rubato.stress.MarkedRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The agent fills a process cache of two slots with images of three rows, each version of a row twice, the second time
 * with a later minimum clock. A worker that has copies of all three renews their clocks.
 */
@JCStressTest
@Description("A worker renews the clock of its copy of a row while the agent evicts rows and uses their slots again.")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "The row was never there.")
@Outcome(id = "image", expect = Expect.ACCEPTABLE, desc = "A version of the row, and a minimum clock it came with.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "Elements of two images.")
@Outcome(id = "another row", expect = Expect.FORBIDDEN, desc = "The elements of another row.")
@Outcome(id = "clock of another image", expect = Expect.FORBIDDEN, desc = "A minimum clock that the version never had.")
@State
public class RenewedRowStress {
    private static final int ROWS = 3;
    private static final int COLUMNS = 2;
    private static final Table TABLE = MarkedRows.table(ROWS, COLUMNS);
    private static final ProcessCache IMAGES = new ProcessCache(TABLE.spec(), ROWS - 1, Arena.ofShared());
    private static final WorkerTable OWN =
            new WorkerTable(TABLE, 0, IMAGES, TableViews.none(1), new ShardProgress(1), 1, 1 << 12, 1 << 12,
                    Arena.ofShared());
    private static final MemorySegment IMAGE = MarkedRows.row(COLUMNS);
    private static final ImageClocks CLOCKS = new ImageClocks();
    private static long put;
    private static int turn;

    @Actor
    public void agent() {
        final long clock = ++put;
        final long version = clock / ROWS % 2 == 0 ? clock : clock - ROWS;
        MarkedRows.fill(IMAGE, COLUMNS, version);
        IMAGES.put((int) (clock % ROWS), CLOCKS.set(clock, clock, 0, version, false), IMAGE.address(), _ -> false);
    }

    @Actor
    public void worker(final L_Result result) {
        final int row = ++turn % ROWS;
        final Row found = OWN.lookAgain(row, turn, 0, false);
        if (found == null) {
            result.r1 = "none";
            return;
        }
        final long version = found.getLong(0);
        final long later = found.minimumClock() - version;
        result.r1 = found.getLong(1) != version ? "torn"
                : version % ROWS != row ? "another row" : later == 0 || later == ROWS ? "image"
                : "clock of another image";
    }
}
