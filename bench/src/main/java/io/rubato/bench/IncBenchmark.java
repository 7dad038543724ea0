package io.rubato.bench;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
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
 * {@link Worker#inc} of dense deltas to random rows that are cached and have an open record in this clock's delta log,
 * against the two bare additions that this takes, one to the log and one to the cache; time per row.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IncBenchmark {
    static final int INCS = 1024;
    static final int ROWS = 1000;

    /** Width of a row. */
    @Param({"32", "128"})
    int columns;

    private Arena arena;
    private LocalJob job;
    Worker worker;
    Table table;
    Rows cache;
    private Rows log;
    private MemorySegment delta;
    private Visits visits;

    /** Makes a state; JMH calls it. */
    public IncBenchmark() {
    }

    /** Starts a job, caches every row, and opens a record for it. */
    @Setup
    public void attach() {
        arena = Arena.ofShared();
        cache = Rows.allocate(arena, ROWS, columns);
        log = Rows.allocate(arena, ROWS, columns);
        delta = Rows.allocate(arena, 1, columns).fill(1).memory();
        visits = new Visits(Rows.randomOrder(ROWS));
        job = new LocalJob((_, created, _, count, _) -> () -> new HeapFreeStore(created.spec(), count),
                UnaryOperator.identity());
        job.run(this::open);
        worker = job.worker();
    }

    private void open(final Worker opener) {
        table = opener.createTable(new TableSpec("rows", ROWS, columns, ElementType.F32, Consistency.ssp(1)));
        for (int row = 0; row < ROWS; row++) {
            opener.get(table, row);
            opener.inc(table, row, delta, 0);
        }
    }

    /** Ends the job. */
    @TearDown
    public void close() {
        job.close();
        arena.close();
    }

    /** Through the worker. */
    @Benchmark
    @OperationsPerInvocation(INCS)
    public void inc() {
        final int from = visits.take(INCS);
        for (int i = from; i < from + INCS; i++) {
            worker.inc(table, visits.order()[i], delta, 0);
        }
    }

    /** Through the kernel, twice. */
    @Benchmark
    @OperationsPerInvocation(INCS)
    public void twoAdds() {
        final int from = visits.take(INCS);
        for (int i = from; i < from + INCS; i++) {
            final int row = visits.order()[i];
            log.add(row, delta, 0);
            cache.add(row, delta, 0);
        }
    }
}
