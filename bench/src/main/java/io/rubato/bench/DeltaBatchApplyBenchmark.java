package io.rubato.bench;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.port.Transport;
import io.rubato.store.SlabStoreFactory;
import java.lang.foreign.Arena;
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
 * The duty cycle of a shard that is sent batches of 62 dense deltas to random rows of 100,000 x 128 floats in a slab,
 * against the bare kernel that adds the same values to the same rows of the same file; time per row. Budget: {@code
 * bareAdd} takes at least 0.7 x the time of {@code shard}.
 *
 * <p>What the shard does per message is all there: header, sequence number, the check of every record, the
 * acknowledgement. The transport is not: messages lie in memory already.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DeltaBatchApplyBenchmark {
    static final int MESSAGES = 64;
    static final int ROWS_PER_INVOCATION = MESSAGES * DeltaBatches.ROWS;
    static final int ROWS = 100_000;
    static final int COLUMNS = 128;

    private TemporaryDirectory directory;
    private Arena arena;
    private LocalJob job;
    private ReplayTransport transport;
    private Table table;
    private DeltaBatches batches;
    SlabRows slab;

    /** Makes a state; JMH calls it. */
    public DeltaBatchApplyBenchmark() {
    }

    /** Starts a job, lets its shard open a slab, and takes over what the shard receives. */
    @Setup
    public void attach() {
        directory = TemporaryDirectory.inMemory();
        arena = Arena.ofShared();
        job = new LocalJob(new SlabStoreFactory(directory.path()), this::intercept);
        job.run(this::createTable);
        batches = new DeltaBatches(arena, table, new Visits(Rows.randomOrder(ROWS)));
        transport.replay(batches);
        slab = new SlabRows(arena, SlabStoreFactory.file(directory.path(), table.spec().name(), 0), COLUMNS);
    }

    private Transport intercept(final Transport real) {
        transport = new ReplayTransport(real);
        return transport;
    }

    private void createTable(final Worker worker) {
        table = worker.createTable(new TableSpec("rows", ROWS, COLUMNS, ElementType.F32, Consistency.ssp(1)));
    }

    /** Ends the job and deletes the slab. */
    @TearDown
    public void close() {
        job.close();
        arena.close();
        directory.close();
    }

    /** The shard's duty cycles until it has applied all messages. */
    @Benchmark
    @OperationsPerInvocation(ROWS_PER_INVOCATION)
    public void shard() {
        batches.ready(MESSAGES);
        while (batches.ready() > 0) {
            job.shard().doWork();
        }
    }

    /** The kernel alone. */
    @Benchmark
    @OperationsPerInvocation(ROWS_PER_INVOCATION)
    public void bareAdd() {
        batches.addBare(slab, MESSAGES);
    }
}
