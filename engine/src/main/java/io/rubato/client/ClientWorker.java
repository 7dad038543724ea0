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
    private final WorkerDeltas deltas;
    private final Asks asks;
    private final MissedRows missed = new MissedRows();

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
        this.asks = new Asks(commands.maxRows());
        this.index = index;
        this.reports = new WorkerReports(time, stats);
        this.wait = new WorkerWait(client, time, idle, stats);
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
        return cached == null ? fetch(mine, id) : cached;
    }

    /** A read under the table's own model that its cached copy has not served in this clock yet. */
    private Row fetch(final WorkerTable table, final int row) {
        final Row found = get(table, row, table.ownBound(), table.freshness(clock));
        table.served(row, clock);
        return found;
    }

    @Override
    public Row get(final Table table, final long row, final int staleness) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        final long freshness = Math.max(0, clock - checkStaleness(staleness));
        final Row cached = mine.cachedOwnBound(id, clock, freshness);
        if (cached == null) {
            return get(mine, id, staleness, freshness);
        }
        return read(mine, cached, clock);
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
        final long rowBytes = mine.rowBytes();
        mine.checkRows(rows, count);
        Objects.checkFromIndexSize(offset, count * rowBytes, target.byteSize());
        missed.clear(count);
        for (int i = 0; i < count; i++) {
            mine.prefetch(rows, i, count, clock);
            final Row found = tryGet(mine, (int) rows[i]);
            if (found == null) {
                missed.add(i, rows[i]);
                refresh(mine, (int) rows[i]);
            } else {
                MemorySegment.copy(found.segment(), found.offset(), target, offset + i * rowBytes, rowBytes);
            }
        }
        for (int i = 0; i < missed.size(); i++) {
            mine.prefetch(missed.rows(), i, missed.size(), clock);
            final Row row = get(table, missed.rows()[i]);
            MemorySegment.copy(row.segment(), row.offset(), target, offset + missed.position(i) * rowBytes, rowBytes);
        }
    }

    private Row open(final WorkerTable table, final int row) {
        requireEditable(table);
        final Row found = get(table.table(), row);
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
        missed.clear(count);
        for (int i = 0; i < count; i++) {
            mine.prefetch(rows, i, count, clock);
            if (tryGet(mine, (int) rows[i]) == null) {
                missed.add(i, rows[i]);
                refresh(mine, (int) rows[i]);
            } else {
                openCopy(mine, (int) rows[i]);
            }
        }
        for (int i = 0; i < missed.size(); i++) {
            mine.prefetch(missed.rows(), i, missed.size(), clock);
            open(mine, (int) missed.rows()[i]);
        }
    }

    /** A read under the table's own model; null if it would have to wait. */
    private Row tryGet(final WorkerTable table, final int row) {
        final Row cached = table.cached(row, clock);
        if (cached != null) {
            return cached;
        }
        final Row found = look(table, row, table.ownBound(), table.freshness(clock));
        if (found != null) {
            table.served(row, clock);
        }
        return found;
    }

    private Row get(final WorkerTable table, final int row, final int staleness, final long freshness) {
        final Row found = look(table, row, staleness, freshness);
        if (found != null) {
            return found;
        }
        stats.missed();
        return read(table, blockingGet(table, row, staleness, freshness), clock);
    }

    /** A read that the worker's copy alone did not answer, counted; null if it would have to wait. */
    private Row look(final WorkerTable table, final int row, final int staleness, final long freshness) {
        final Row found = table.lookAgain(row, clock, freshness, staleness >= 0);
        if (found == null) {
            return null;
        }
        stats.missed();
        if (found.minimumClock() < clock && staleness < 0 && table.asksAhead(row)) {
            // Nothing will ever make this read wait: ask anew, for the next one.
            ask(table, row, staleness, true);
        }
        return read(table, found, clock);
    }

    private Row blockingGet(final WorkerTable table, final int row, final int staleness, final long freshness) {
        final long since = wait.begin();
        sendAsks();
        final int shard = table.deltas().shardOf(row);
        if (table.isOneSided(row)) {
            wait.demand().waitsForShard(shard, since);
        } else {
            wait.demand().set(table.table().id(), row, clock, staleness, freshness,
                    table.deltas().requiredSequence(row), shard, since);
        }
        Row found;
        while ((found = table.lookAgain(row, clock, freshness, staleness >= 0)) == null) {
            wait.await();
        }
        table.waited(wait.end(since));
        return found;
    }

    private Row read(final WorkerTable table, final Row row, final long now) {
        table.recorder().record(now - row.minimumClock());
        return row;
    }

    @Override
    public void refresh(final Table table, final long row) {
        refresh(table, row, Refresh.CONSERVATIVE);
    }

    @Override
    public void refresh(final Table table, final long row, final Refresh how) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        if (mine.isOneSided(id)) {
            if (how == Refresh.AGGRESSIVE) {
                mine.lookAgain(id, clock, mine.freshness(clock), false);
            }
        } else if (how == Refresh.CONSERVATIVE) {
            refresh(mine, id);
        } else if (mine.cachedMinimumClock(id) < clock) {
            ask(mine, id, mine.ownBound(), true);
        }
    }

    @Override
    public void refresh(final Table table, final long[] rows, final int count) {
        final WorkerTable mine = mine(table);
        mine.checkRows(rows, count);
        for (int i = 0; i < count; i++) {
            mine.prefetchCopyLooks(rows, i, count);
            refresh(mine, (int) rows[i]);
        }
    }

    private void refresh(final WorkerTable table, final int row) {
        if (!table.isOneSided(row) && !table.isFresh(row, table.freshness(clock), false)
                && table.asksFirst(row, clock)) {
            ask(table, row, table.ownBound(), false);
        }
    }

    @Override
    public void refresh(final Table table, final long row, final int staleness) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        final long freshness = Math.max(0, clock - checkStaleness(staleness));
        if (!mine.isOneSided(id) && !mine.isFresh(id, freshness, true)) {
            ask(mine, id, staleness, false);
        }
    }

    private static int checkStaleness(final int staleness) {
        if (staleness < 0) {
            throw new IllegalArgumentException("staleness must be at least 0, got " + staleness);
        }
        return staleness;
    }

    private void ask(final WorkerTable table, final int row, final int staleness, final boolean wantsNewer) {
        final int id = table.table().id();
        if (!asks.hasRoomFor(id, staleness, wantsNewer)) {
            sendAsks();
        }
        asks.add(id, staleness, wantsNewer, row);
    }

    private void sendAsks() {
        while (!asks.send(commands, clock)) {
            wait.await();
        }
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
        handOver();
        final long next = clock + 1;
        while (!commands.clock(next)) {
            wait.await();
        }
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

    private void handOver() {
        sendAsks();
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
        while (!commands.clock(VectorClock.RETIRED)) {
            wait.await();
        }
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
        final WorkerTable attached = client.attach(table);
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
