package io.rubato.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rubato.ElementType;
import io.rubato.kernel.RowKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@link RowKernels#BEST} against the loop that anyone would write first, on two hot off-heap F32 rows; time per row.
 *
 * <p>The deltas are so small that millions of additions stay finite and normal.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RowKernelBenchmark {
    private static final float ALPHA = 1e-6f;

    @Param({"32", "128"})
    private int columns;

    private Arena arena;
    private MemorySegment row;
    private MemorySegment delta;

    /** Makes a state; JMH calls it. */
    public RowKernelBenchmark() {
    }

    /** Fills both rows. */
    @Setup
    public void fill() {
        arena = Arena.ofConfined();
        row = arena.allocate(columns * JAVA_FLOAT.byteSize(), 64);
        delta = arena.allocate(columns * JAVA_FLOAT.byteSize(), 64);
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < columns; i++) {
            row.setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(1, 2));
            delta.setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(-1e-3, 1e-3));
        }
    }

    /** Frees both rows. */
    @TearDown
    public void free() {
        arena.close();
    }

    /** {@code row += delta}. */
    @Benchmark
    public void add() {
        RowKernels.BEST.add(ElementType.F32, row, 0, delta, 0, columns);
    }

    /** {@code row += delta}, scalar. */
    @Benchmark
    public void addLoop() {
        for (int i = 0; i < columns; i++) {
            row.setAtIndex(JAVA_FLOAT, i, row.getAtIndex(JAVA_FLOAT, i) + delta.getAtIndex(JAVA_FLOAT, i));
        }
    }

    /**
     * Inner product.
     *
     * @return of row and delta
     */
    @Benchmark
    public float dot() {
        return RowKernels.BEST.dot(row, 0, delta, 0, columns);
    }

    /**
     * Inner product, scalar.
     *
     * @return of row and delta
     */
    @Benchmark
    public float dotLoop() {
        float sum = 0;
        for (int i = 0; i < columns; i++) {
            sum += row.getAtIndex(JAVA_FLOAT, i) * delta.getAtIndex(JAVA_FLOAT, i);
        }
        return sum;
    }

    /** {@code row += alpha * delta}. */
    @Benchmark
    public void axpy() {
        RowKernels.BEST.axpy(ALPHA, delta, 0, row, 0, columns);
    }

    /** {@code row += alpha * delta}, scalar. */
    @Benchmark
    public void axpyLoop() {
        for (int i = 0; i < columns; i++) {
            row.setAtIndex(JAVA_FLOAT, i,
                    row.getAtIndex(JAVA_FLOAT, i) + ALPHA * delta.getAtIndex(JAVA_FLOAT, i));
        }
    }
}
