package io.rubato.client;

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

/** The agent fills a process cache of two slots with images of three rows; a worker copies one of them meanwhile. */
@JCStressTest
@Description("A worker copies a row of the process cache while the agent evicts rows and uses their slots again.")
@Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "The row is evicted, or not there yet.")
@Outcome(id = "image", expect = Expect.ACCEPTABLE, desc = "An image of the row.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "Elements of two images.")
@Outcome(id = "another row", expect = Expect.FORBIDDEN, desc = "The elements of the row that took the slot over.")
@Outcome(id = "clocks of another image", expect = Expect.FORBIDDEN, desc = "Clocks and elements of two images.")
@Outcome(id = "backwards", expect = Expect.FORBIDDEN, desc = "An older image after a newer one.")
@State
public class EvictedRowStress {
    private static final int ROWS = 3;
    private static final int COLUMNS = 5;
    private static final ProcessCache CACHE =
            new ProcessCache(MarkedRows.table(ROWS, COLUMNS).spec(), ROWS - 1, Arena.ofShared());
    private static final MemorySegment IMAGE = MarkedRows.row(COLUMNS);
    private static final MemorySegment COPY = MarkedRows.row(COLUMNS);
    private static final ImageClocks PUT = new ImageClocks();
    private static final ImageClocks SEEN = new ImageClocks();
    private static final long[] NEWEST = new long[ROWS];
    private static long put;
    private static int asked;

    @Actor
    public void agent() {
        final int row = (int) (++put % ROWS);
        MarkedRows.mark(IMAGE, 0, COLUMNS, row, put);
        CACHE.put(row, NumberedClocks.set(PUT, put, isCovered(put)), IMAGE.address(), _ -> false);
    }

    @Actor
    public void worker(final L_Result result) {
        asked = asked + 1 == ROWS ? 0 : asked + 1;
        if (CACHE.copy(asked, SEEN, _ -> COPY.address()) != ProcessCache.Copy.COPIED) {
            result.r1 = "none";
            return;
        }
        final long number = MarkedRows.number(COPY, 0, COLUMNS, asked);
        if (number < 0) {
            result.r1 = number == MarkedRows.OF_ANOTHER_ROW ? "another row" : "torn";
            return;
        }
        result.r1 = !NumberedClocks.areOf(SEEN, number, isCovered(number)) ? "clocks of another image"
                : number < NEWEST[asked] ? "backwards" : "image";
        NEWEST[asked] = number;
    }

    private static boolean isCovered(final long number) {
        return (number & 1) != 0;
    }
}
