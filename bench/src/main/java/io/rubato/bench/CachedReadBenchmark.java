package io.rubato.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.kernel.RowKernels;
import io.rubato.testing.HeapFreeStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@link Worker#get} of rows of 32 floats that are in the worker's cache, each with its clock check, against the same
 * loop over a plain off-heap array of the same stride; time per row. Budget: {@code get} takes at most 1.3 x {@code
 * plain}.
 *
 * <p>What is done with a row is either a scalar sum, or the vectorised inner product of a learner, which hides less.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CachedReadBenchmark {
    static final int COLUMNS = 32;
    static final int READS = 1024;
    private static final int RUN = 32;

    /** Rows in the cache: 128 KB and 12.8 MB. */
    @Param({"1000", "100000"})
    int rows;

    /** Of the reads. */
    @Param({"random", "sequential"})
    String order;

    private Arena arena;
    private LocalJob job;
    private Worker worker;
    private Table table;
    private Rows plain;
    private MemorySegment weights;
    private Visits visits;
    private final long[] run = new long[RUN];
    private MemorySegment copies;

    /** Makes a state; JMH calls it. */
    public CachedReadBenchmark() {
    }

    /** Starts a job, fills a table, and reads every row once. */
    @Setup
    public void attach() {
        arena = Arena.ofShared();
        plain = Rows.allocate(arena, rows, COLUMNS).fill(1);
        copies = Rows.allocate(arena, RUN, COLUMNS).memory();
        weights = Rows.allocate(arena, 1, COLUMNS).fill(2).memory();
        visits = new Visits(order.equals("random") ? Rows.randomOrder(rows) : Rows.sequentialOrder(rows));
        job = new LocalJob((_, created, _, count, _) -> () -> new HeapFreeStore(created.spec(), count),
                UnaryOperator.identity());
        job.run(this::fill);
        worker = job.worker();
    }

    private void fill(final Worker filler) {
        table = filler.createTable(new TableSpec("rows", rows, COLUMNS, ElementType.F32, Consistency.ssp(1)));
        for (int row = 0; row < rows; row++) {
            filler.inc(table, row, plain.memory(), plain.offset(row));
        }
        filler.clock();
        for (int row = 0; row < rows; row++) {
            filler.refresh(table, row);
        }
        for (int row = 0; row < rows; row++) {
            filler.get(table, row);
        }
    }

    /** Ends the job. */
    @TearDown
    public void close() {
        job.close();
        arena.close();
    }

    /**
     * Sums cached rows.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(READS)
    public float getSum() {
        final int from = visits.take(READS);
        float total = 0;
        for (int i = from; i < from + READS; i++) {
            final Row row = worker.get(table, visits.order()[i]);
            total += sum(row.segment(), row.offset());
        }
        return total;
    }

    /**
     * Sums rows of the plain array.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(READS)
    public float plainSum() {
        final int from = visits.take(READS);
        float total = 0;
        for (int i = from; i < from + READS; i++) {
            total += sum(plain.memory(), plain.offset(visits.order()[i]));
        }
        return total;
    }

    /**
     * Inner products of cached rows.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(READS)
    public float getDot() {
        final int from = visits.take(READS);
        float total = 0;
        for (int i = from; i < from + READS; i++) {
            total += worker.get(table, visits.order()[i]).dot(weights, 0);
        }
        return total;
    }

    /**
     * Inner products of rows of the plain array.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(READS)
    public float plainDot() {
        final int from = visits.take(READS);
        float total = 0;
        for (int i = from; i < from + READS; i++) {
            total += RowKernels.BEST.dot(plain.memory(), plain.offset(visits.order()[i]), weights, 0, COLUMNS);
        }
        return total;
    }

    /**
     * Inner products of cached rows that are read in runs of {@value #RUN}.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(READS)
    public float getRunDot() {
        final int from = visits.take(READS);
        float total = 0;
        for (int i = from; i < from + READS; i += RUN) {
            for (int j = 0; j < RUN; j++) {
                run[j] = visits.order()[i + j];
            }
            worker.get(table, run, RUN, copies, 0);
            for (int j = 0; j < RUN; j++) {
                total += RowKernels.BEST.dot(copies, j * COLUMNS * JAVA_FLOAT.byteSize(), weights, 0, COLUMNS);
            }
        }
        return total;
    }

    private static float sum(final MemorySegment memory, final long offset) {
        float sum = 0;
        for (int column = 0; column < COLUMNS; column++) {
            sum += memory.get(JAVA_FLOAT, offset + column * JAVA_FLOAT.byteSize());
        }
        return sum;
    }
}
