package io.rubato.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rubato.ElementType;
import io.rubato.kernel.RowKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * What the baselines work on: rows of F32 back to back in plain off-heap memory, and the order in which they are
 * visited.
 */
final class Rows {
    /** Length of an order: long enough that a processor does not learn it. */
    static final int VISITS = 1 << 17;

    private final MemorySegment memory;
    private final long stride;

    private Rows(final MemorySegment memory, final long stride) {
        this.memory = memory;
        this.stride = stride;
    }

    /** All zero, aligned to cache lines. */
    static Rows allocate(final Arena arena, final int rows, final int columns) {
        final long stride = columns * JAVA_FLOAT.byteSize();
        return new Rows(arena.allocate(rows * stride, 64), stride);
    }

    /** Values so small that millions of additions stay finite and normal. */
    Rows fill(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (long i = 0; i < memory.byteSize() / JAVA_FLOAT.byteSize(); i++) {
            memory.setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(0.5e-6, 1e-6));
        }
        return this;
    }

    MemorySegment memory() {
        return memory;
    }

    long offset(final int row) {
        return row * stride;
    }

    /** The bare kernel. */
    void add(final int row, final MemorySegment delta, final long offset) {
        RowKernels.BEST.add(ElementType.F32, memory, offset(row), delta, offset,
                (int) (stride / JAVA_FLOAT.byteSize()));
    }

    /** {@link #VISITS} rows, drawn with replacement. */
    static int[] randomOrder(final int rows) {
        return new SplittableRandom(2).ints(VISITS, 0, rows).toArray();
    }

    /** {@link #VISITS} rows, one after the other and from the start again. */
    static int[] sequentialOrder(final int rows) {
        final int[] order = new int[VISITS];
        for (int i = 0; i < VISITS; i++) {
            order[i] = i % rows;
        }
        return order;
    }
}
