package io.rubato.learn.mf;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SgdKernelTest {
    private static final float RATE = 0.05f;
    private static final float USER_SHRINK = 0.04f;
    private static final float ITEM_RATE = 0.03f;
    private static final float ITEM_SHRINK = 0.02f;
    private static final int OFFSET = 12;

    @Test
    void bothKernelsDoTheSameAsDoubleArithmetic() {
        final Random random = new Random(1);
        for (int rank = 0; rank <= 70; rank++) {
            final float[] user = row(random, rank);
            final float[] item = row(random, rank);
            final float target = (float) random.nextGaussian();
            check(new ScalarSgdKernel(rank, RATE), rank, user, item, target);
            check(new VectorSgdKernel(rank, RATE), rank, user, item, target);
        }
    }

    @Test
    void compiledCodeGivesTheBitsOfInterpretedCode() {
        final int rank = 37;
        final Random random = new Random(2);
        final MemorySegment user = segment(row(random, rank));
        final MemorySegment item = segment(row(random, rank));
        final SgdKernel kernel = new VectorSgdKernel(rank, RATE);
        final float first = kernel.error(user, OFFSET, item, OFFSET, 1);
        for (int i = 0; i < 30_000; i++) {
            assertEquals(first, kernel.error(user, OFFSET, item, OFFSET, 1));
        }
    }

    @Test
    void usesSimdWhereItIsOffered() {
        assertInstanceOf(VectorSgdKernel.class, SgdKernel.best(3, RATE));
    }

    private static void check(final SgdKernel kernel, final int rank, final float[] user, final float[] item,
            final float target) {
        final MemorySegment userRow = segment(user);
        final MemorySegment itemRow = segment(item);
        final MemorySegment delta = Arena.ofAuto().allocate(4L * rank + 8, 4);
        double error = (double) target - user[rank] - item[rank];
        for (int k = 0; k < rank; k++) {
            error -= (double) user[k] * item[k];
        }
        final String what = kernel.getClass().getSimpleName() + " at rank " + rank;
        assertEquals(error, kernel.error(userRow, OFFSET, itemRow, OFFSET, target), 1e-4, what);
        assertEquals(error, kernel.step(userRow, OFFSET, itemRow, OFFSET, delta, target, USER_SHRINK, ITEM_RATE,
                ITEM_SHRINK), 1e-4, what);
        for (int k = 0; k <= rank; k++) {
            final double share = k == rank ? SgdKernel.BIAS_SHARE : 1;
            final double userGradient = k == rank ? 1 : item[k];
            final double itemGradient = k == rank ? 1 : user[k];
            assertEquals(user[k] * (1 - share * USER_SHRINK) + RATE * error * userGradient,
                    userRow.get(JAVA_FLOAT, OFFSET + 4L * k), 1e-5, what);
            assertEquals(-share * ITEM_SHRINK * item[k] + ITEM_RATE * error * itemGradient,
                    delta.get(JAVA_FLOAT, 4L * k),
                    1e-5, what);
            assertEquals(item[k], itemRow.get(JAVA_FLOAT, OFFSET + 4L * k), what);
        }
        assertEquals(0, delta.get(JAVA_FLOAT, 4L * rank + 4), "nothing is written behind the row");
    }

    private static float[] row(final Random random, final int rank) {
        final float[] row = new float[rank + 1];
        for (int k = 0; k <= rank; k++) {
            row[k] = (float) random.nextGaussian();
        }
        return row;
    }

    private static MemorySegment segment(final float[] row) {
        final MemorySegment segment = Arena.ofAuto().allocate(OFFSET + 4L * row.length, 64);
        MemorySegment.copy(row, 0, segment, JAVA_FLOAT, OFFSET, row.length);
        return segment;
    }
}
