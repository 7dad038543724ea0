package io.rubato.bench;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.port.RowStore;
import io.rubato.store.SlabReader;
import io.rubato.store.SlabStoreFactory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The slab in shared memory, 100,000 rows of 128 floats visited at random, against a plain off-heap array of as many;
 * time per row. The one-sided read goes through a second mapping of the slab, as another process would have it, while
 * nobody writes; budget: at most 1.5 x {@code slabRead}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SlabBenchmark {
    static final int VISITS = 1024;
    private static final int ROWS = 100_000;
    private static final int COLUMNS = 128;
    private static final int ROW_BYTES = COLUMNS * Float.BYTES;

    private TemporaryDirectory directory;
    private Arena arena;
    private RowStore slab;
    private SlabReader reader;
    private Rows plain;
    private MemorySegment delta;
    private MemorySegment target;
    private Visits visits;

    /** Makes a state; JMH calls it. */
    public SlabBenchmark() {
    }

    /** Makes both kinds of rows, and touches every page of them. */
    @Setup
    public void open() {
        directory = TemporaryDirectory.inMemory();
        arena = Arena.ofShared();
        plain = Rows.allocate(arena, ROWS, COLUMNS).fill(1);
        delta = Rows.allocate(arena, 1, COLUMNS).fill(2).memory();
        target = Rows.allocate(arena, 1, COLUMNS).memory();
        visits = new Visits(Rows.randomOrder(ROWS));
        final TableSpec spec = new TableSpec("rows", ROWS, COLUMNS, ElementType.F32, Consistency.ssp(1));
        slab = new SlabStoreFactory(directory.path()).open(1, new Table(0, spec), 0, ROWS, 1);
        for (int row = 0; row < ROWS; row++) {
            slab.add(row, plain.memory(), plain.offset(row));
        }
        reader = new SlabReader(SlabStoreFactory.file(directory.path(), spec.name(), 0), 0);
    }

    /** Deletes the slab. */
    @TearDown
    public void close() {
        slab.close();
        arena.close();
        directory.close();
    }

    /** Adds to rows of the slab. */
    @Benchmark
    @OperationsPerInvocation(VISITS)
    public void slabAdd() {
        final int from = visits.take(VISITS);
        for (int i = from; i < from + VISITS; i++) {
            slab.add(visits.order()[i], delta, 0);
        }
    }

    /** Adds to rows of the plain array with the bare kernel. */
    @Benchmark
    @OperationsPerInvocation(VISITS)
    public void plainAdd() {
        final int from = visits.take(VISITS);
        for (int i = from; i < from + VISITS; i++) {
            plain.add(visits.order()[i], delta, 0);
        }
    }

    /**
     * Copies rows out of the slab.
     *
     * @return the last one
     */
    @Benchmark
    @OperationsPerInvocation(VISITS)
    public MemorySegment slabRead() {
        final int from = visits.take(VISITS);
        for (int i = from; i < from + VISITS; i++) {
            slab.read(visits.order()[i], target, 0);
        }
        return target;
    }

    /**
     * Copies rows out of the slab without its writer's help.
     *
     * @return how many were intact: all
     */
    @Benchmark
    @OperationsPerInvocation(VISITS)
    public int oneSidedRead() {
        final int from = visits.take(VISITS);
        int intact = 0;
        for (int i = from; i < from + VISITS; i++) {
            final long clock = reader.minimumClock();
            final long applied = reader.appliedSequence();
            intact += clock >= 0 && reader.tryRead(visits.order()[i], target, 0)
                    && reader.applyingSequence() == applied ? 1 : 0;
        }
        return intact;
    }

    /**
     * Copies rows out of the plain array.
     *
     * @return the last one
     */
    @Benchmark
    @OperationsPerInvocation(VISITS)
    public MemorySegment plainRead() {
        final int from = visits.take(VISITS);
        for (int i = from; i < from + VISITS; i++) {
            MemorySegment.copy(plain.memory(), plain.offset(visits.order()[i]), target, 0, ROW_BYTES);
        }
        return target;
    }
}
