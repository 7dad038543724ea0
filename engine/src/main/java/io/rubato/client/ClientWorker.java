package io.rubato.client;

import io.rubato.ElementType;
import io.rubato.JobResult;
import io.rubato.Refresh;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.clock.VectorClock;
import io.rubato.kernel.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * A worker inside a client. Its own thread calls the methods of {@link Worker}; the agent drains {@link #commands} and
 * {@link #reports} and looks at {@link #demand}.
 */
public final class ClientWorker implements Worker {
    private final ClientAgent client;
    private final int index;
    private final Commands commands;
    private final WorkerStats stats = new WorkerStats();
    private final WorkerReports reports;
    private final WorkerWait wait;
    private final WorkerReads reads;
    private final WorkerDeltas deltas;

    private WorkerTable[] tables = new WorkerTable[0];
    /** The table of the last call, and the worker's side of it. */
    private Table lastTable;
    private WorkerTable lastMine;
    private long clock;
    /**
     * What the agent sees of {@link #tables} and {@link #clock}: the worker's own reads are plain, so that they can be
     * optimised.
     */
    private volatile WorkerTable[] publishedTables = tables;
    private volatile long publishedClock;
    private volatile JobResult result;
    private volatile boolean retired;

    ClientWorker(final ClientAgent client, final int index, final NanoClock time, final IdleStrategy idle,
            final int commandBytes) {
        this.client = client;
        this.commands = new Commands(commandBytes);
        this.index = index;
        this.reports = new WorkerReports(time, stats);
        this.wait = new WorkerWait(client, time, idle, stats);
        this.reads = new WorkerReads(commands, wait, stats);
        this.deltas = new WorkerDeltas(client, commands, wait);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int workers() {
        return client.workersOfJob();
    }

    @Override
    public long currentClock() {
        return clock;
    }

    /**
     * Starts the worker's stopwatch; what came before, such as reading the data, counts neither as computing nor as
     * waiting.
     */
    void begin() {
        reports.begin();
    }

    @Override
    public Table createTable(final TableSpec spec) {
        final TableCreation creation = client.create(Objects.requireNonNull(spec, "spec"));
        final long since = wait.begin();
        while (!creation.isDone()) {
            wait.await();
        }
        wait.end(since);
        return creation.table();
    }

    @Override
    public Row get(final Table table, final long row) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        final Row cached = mine.cached(id, clock);
        return cached == null ? reads.fetch(mine, id, clock) : cached;
    }

    @Override
    public Row get(final Table table, final long row, final int staleness) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        return reads.get(mine, id, checkStaleness(staleness), clock);
    }

    @Override
    public Row edit(final Table table, final long row) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        final long now = clock;
        final Row edited = mine.edited(id, now);
        return edited == null ? open(mine, id) : edited;
    }

    @Override
    public void get(final Table table, final long[] rows, final int count, final MemorySegment target,
            final long offset) {
        final WorkerTable mine = mine(table);
        mine.checkRows(rows, count);
        Objects.checkFromIndexSize(offset, (long) count * mine.rowBytes(), target.byteSize());
        reads.get(mine, rows, count, target, offset, clock);
    }

    private Row open(final WorkerTable table, final int row) {
        requireEditable(table);
        final Row found = reads.get(table, row, clock);
        openCopy(table, row);
        return found;
    }

    private static void requireEditable(final WorkerTable table) {
        if (table.isValueBounded()) {
            throw new IllegalArgumentException("table " + table.spec().name()
                    + " bounds the value of each delta, and what is written in place is known at clock() only: use inc");
        }
    }

    /** Opens the copy that a read has just been served from. */
    private void openCopy(final WorkerTable table, final int row) {
        deltas.makeRoom(table, row, clock);
        table.edit(row);
    }

    @Override
    public void edit(final Table table, final long[] rows, final int count) {
        final WorkerTable mine = mine(table);
        mine.checkRows(rows, count);
        requireEditable(mine);
        final MissedRows missed = reads.missed(count);
        for (int i = 0; i < count; i++) {
            mine.prefetch(rows, i, count, clock);
            if (reads.tryGet(mine, (int) rows[i], clock) == null) {
                missed.add(i, rows[i]);
                reads.refresh(mine, (int) rows[i], clock);
            } else {
                openCopy(mine, (int) rows[i]);
            }
        }
        for (int i = 0; i < missed.size(); i++) {
            mine.prefetch(missed.rows(), i, missed.size(), clock);
            open(mine, (int) missed.rows()[i]);
        }
    }

    @Override
    public void refresh(final Table table, final long row) {
        refresh(table, row, Refresh.CONSERVATIVE);
    }

    @Override
    public void refresh(final Table table, final long row, final Refresh how) {
        final WorkerTable mine = mine(table);
        reads.refresh(mine, mine.row(row), how, clock);
    }

    @Override
    public void refresh(final Table table, final long[] rows, final int count) {
        final WorkerTable mine = mine(table);
        mine.checkRows(rows, count);
        for (int i = 0; i < count; i++) {
            mine.prefetchCopyLooks(rows, i, count);
            reads.refresh(mine, (int) rows[i], clock);
        }
    }

    @Override
    public void refresh(final Table table, final long row, final int staleness) {
        final WorkerTable mine = mine(table);
        reads.refresh(mine, mine.row(row), checkStaleness(staleness), clock);
    }

    private static int checkStaleness(final int staleness) {
        if (staleness < 0) {
            throw new IllegalArgumentException("staleness must be at least 0, got " + staleness);
        }
        return staleness;
    }

    @Override
    public void inc(final Table table, final long row, final MemorySegment delta, final long offset) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        deltas.incRow(mine, id, Memory.address(delta, offset, mine.rowBytes()), clock);
        Reference.reachabilityFence(delta);
    }

    @Override
    public void inc(final Table table, final long[] rows, final int count, final MemorySegment source,
            final long offset) {
        final WorkerTable mine = mine(table);
        mine.checkRows(rows, count);
        deltas.incRows(mine, rows, count, Memory.address(source, offset, (long) count * mine.rowBytes()), clock);
        Reference.reachabilityFence(source);
    }

    @Override
    public void inc(final Table table, final long row, final int column, final double delta) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        Objects.checkIndex(column, mine.spec().columns());
        DeltaChecks.requireFloating(mine.spec());
        deltas.inc(mine, id, column, delta, clock);
    }

    @Override
    public void inc(final Table table, final long row, final int column, final long delta) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        Objects.checkIndex(column, mine.spec().columns());
        DeltaChecks.requireFits(mine.spec(), delta);
        deltas.inc(mine, id, column, delta, clock);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final float[] values, final int count) {
        final WorkerTable mine = mine(table);
        DeltaChecks.require(mine.spec(), ElementType.F32);
        DeltaChecks.requireColumns(mine.spec(), columns, values.length, count);
        final int id = mine.row(row);
        deltas.inc(mine, id, columns, values, count, clock);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final double[] values, final int count) {
        final WorkerTable mine = mine(table);
        DeltaChecks.require(mine.spec(), ElementType.F64);
        DeltaChecks.requireColumns(mine.spec(), columns, values.length, count);
        final int id = mine.row(row);
        deltas.inc(mine, id, columns, values, count, clock);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final long[] values, final int count) {
        final WorkerTable mine = mine(table);
        DeltaChecks.requireInteger(mine.spec());
        DeltaChecks.requireColumns(mine.spec(), columns, values.length, count);
        final int id = mine.row(row);
        for (int i = 0; i < count; i++) {
            DeltaChecks.requireFits(mine.spec(), values[i]);
        }
        deltas.inc(mine, id, columns, values, count, clock);
    }

    @Override
    public void clock() {
        // Who never waits would not hear of the job's end.
        client.checkRunning();
        handOver();
        final long next = clock + 1;
        announce(next);
        clock = next;
        publishedClock = next;
        client.assist();
        final long nanos = reports.clockEnded(next);
        if (reports.isTestLeft()) {
            awaitReport(next);
        }
        for (final WorkerTable table : tables) {
            if (table != null) {
                table.clockEnded(nanos);
            }
        }
    }

    private void announce(final long reached) {
        if (!commands.clock(reached)) {
            final long since = wait.begin();
            do {
                wait.await();
            } while (!commands.clock(reached));
            wait.end(since);
        }
    }

    private void handOver() {
        reads.sendAsks(clock);
        for (final WorkerTable table : tables) {
            if (table != null) {
                deltas.handOver(table, clock);
            }
        }
    }

    @Override
    public void report(final long itemCount, final double lossSum, final long sampleCount) {
        reports.add(itemCount, lossSum, sampleCount);
    }

    @Override
    public void reportTest(final double lossSum, final long sampleCount) {
        reports.addTest(lossSum, sampleCount);
    }

    @Override
    public void conclude(final JobResult outcome) {
        result = Objects.requireNonNull(outcome, "result");
    }

    /** The worker makes no more deltas; others need not wait for it any more. */
    void retire() {
        handOver();
        for (final WorkerTable table : tables) {
            if (table != null && table.deltas().isRounded()) {
                deltas.incResiduals(table, clock);
            }
        }
        handOver();
        announce(VectorClock.RETIRED);
        if (reports.isAnythingLeft()) {
            awaitReport(clock);
        }
        reports.end();
        retired = true;
    }

    /** Waits until there is room for what is left to report: the coordinator takes reports up. */
    private void awaitReport(final long atClock) {
        final long since = wait.begin();
        while (!reports.postRest(atClock)) {
            wait.await();
        }
        wait.end(since);
    }

    private WorkerTable mine(final Table table) {
        return table == lastTable ? lastMine : find(table);
    }

    private WorkerTable find(final Table table) {
        final WorkerTable[] known = tables;
        final int id = table.id();
        lastMine = id < known.length && known[id] != null ? known[id] : attach(table);
        lastTable = table;
        return lastMine;
    }

    private WorkerTable attach(final Table table) {
        final WorkerTable attached = client.attach(table, index);
        final WorkerTable[] grown = Arrays.copyOf(tables, Math.max(tables.length, table.id() + 1));
        grown[table.id()] = attached;
        tables = grown;
        publishedTables = grown;
        return attached;
    }

    /** Of every table that the worker has used, by id; null where it has not. */
    WorkerTable[] tables() {
        return publishedTables;
    }

    /** The worker's side of a table; for the agent. */
    WorkerTable table(final int id) {
        return publishedTables[id];
    }

    /** {@link #currentClock} for the agent. */
    long clockSeenByAgent() {
        return publishedClock;
    }

    Commands commands() {
        return commands;
    }

    ReportQueue reports() {
        return reports.queue();
    }

    Demand demand() {
        return wait.demand();
    }

    /** Complete once {@link #isRetired}. */
    WorkerStats stats() {
        return stats;
    }

    boolean isRetired() {
        return retired;
    }

    JobResult result() {
        return result;
    }

    /** From the start to the end; only once {@link #isRetired}. */
    long lifeNanos() {
        return reports.lifeNanos();
    }
}
