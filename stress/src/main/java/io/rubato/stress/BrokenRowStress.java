package io.rubato.stress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Must fail: the sequence word of a row as the process cache and the slab keep it, but for the odd mark. The reader is
 * right and the fences are in place; only the writer does not say that it is inside the row.
 */
@JCStressTest
@Description("A row whose writer changes the sequence word only after the elements.")
@Outcome(id = "busy", expect = Expect.ACCEPTABLE, desc = "The row changed meanwhile.")
@Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "Elements of one image.")
@Outcome(id = "torn", expect = Expect.FORBIDDEN, desc = "Elements of two images.")
@State
public class BrokenRowStress {
    /** Many, so that the two meet inside a row often. */
    private static final int COLUMNS = 2_000;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final MemorySegment SEQUENCE = Arena.ofShared().allocate(ValueLayout.JAVA_LONG);
    private static final MemorySegment ROW = MarkedRows.row(COLUMNS);
    private static final MemorySegment COPY = MarkedRows.row(COLUMNS);
    private static long number;

    @Actor
    public void writer() {
        final long sequence = (long) WORD.get(SEQUENCE, 0L);
        VarHandle.storeStoreFence();
        MarkedRows.fill(ROW, COLUMNS, ++number);
        WORD.setRelease(SEQUENCE, 0L, sequence + 2);
    }

    @Actor
    public void reader(final L_Result result) {
        final long before = (long) WORD.getAcquire(SEQUENCE, 0L);
        MemorySegment.copy(ROW, 0, COPY, 0, 8L * COLUMNS);
        VarHandle.loadLoadFence();
        if ((before & 1) != 0 || (long) WORD.getOpaque(SEQUENCE, 0L) != before) {
            result.r1 = "busy";
        } else {
            result.r1 = MarkedRows.uniform(COPY, COLUMNS) == MarkedRows.TORN ? "torn" : "whole";
        }
    }
}
