package io.rubato.client;

import io.rubato.stress.MarkedRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The agent replaces the image of a cached row; a worker copies it meanwhile. */
@JCStressTest
@Description("A worker copies a row of the process cache while the agent replaces its image.")
@Outcome(id = "old", expect = Expect.ACCEPTABLE, desc = "An image from before this turn.")
@Outcome(id = "new", expect = Expect.ACCEPTABLE, desc = "The image of this turn, or a newer one.")
@Outcome(id = "none", expect = Expect.FORBIDDEN, desc = "A row that has an image and is never evicted was not found.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "Elements of two images.")
@Outcome(id = "clocks of another image", expect = Expect.FORBIDDEN, desc = "Clocks and elements of two images.")
@Outcome(id = "backwards", expect = Expect.FORBIDDEN, desc = "An older image after a newer one.")
@State
public class CachedRowStress {
    private static final int COLUMNS = 32;
    private static final ProcessCache CACHE =
            new ProcessCache(MarkedRows.table(1, COLUMNS).spec(), 1, Arena.ofShared());
    private static final MemorySegment IMAGE = MarkedRows.row(COLUMNS);
    private static final MemorySegment COPY = MarkedRows.row(COLUMNS);
    private static final ImageClocks PUT = new ImageClocks();
    private static final ImageClocks SEEN = new ImageClocks();
    private static long put;
    private static long newest;

    private long written;
    private long read;
    private String wrong;

    static {
        putNext();
    }

    private static void putNext() {
        MarkedRows.mark(IMAGE, 0, COLUMNS, 0, ++put);
        CACHE.put(0, NumberedClocks.set(PUT, put, false), IMAGE.address(), _ -> false);
    }

    @Actor
    public void agent() {
        putNext();
        written = put;
    }

    @Actor
    public void worker() {
        if (CACHE.copy(0, SEEN, _ -> COPY.address()) != ProcessCache.Copy.COPIED) {
            wrong = "none";
            return;
        }
        read = MarkedRows.number(COPY, 0, COLUMNS, 0);
        wrong = read < 0 ? "torn"
                : !NumberedClocks.areOf(SEEN, read, false) ? "clocks of another image"
                : read < newest ? "backwards" : null;
        newest = read;
    }

    @Arbiter
    public void outcome(final L_Result result) {
        result.r1 = wrong != null ? wrong : read < written ? "old" : "new";
    }
}
