package io.rubato.client;

import io.rubato.ElementType;
import io.rubato.JobResult;
import io.rubato.Refresh;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.clock.VectorClock;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * A worker inside a client. Its own thread calls the methods of {@link Worker}; the agent drains {@link #commands} and
 * {@link #reports} and looks at {@link #demand}.
 */
public final class ClientWorker implements Worker {
    /** So many rows are looked up together. */
    private static final int ROWS_AHEAD = 32;
    private static final long NO_LIST = 0;

    private final ClientAgent client;
    private final int index;
    private final NanoClock time;
    private final IdleStrategy idle;
    private final Commands commands;
    private final ReportQueue reports = new ReportQueue();
    private final Demand demand = new Demand();
    private final WorkerStats stats = new WorkerStats();
    private final Asks asks;
    /** Positions in a run of rows that could not be read without waiting. */
    private int[] missing = new int[0];

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
    private long startNs;
    private long reportedNs;
    private long clockBeganNs;
    private long endNs;
    private long items;
    private long samples;
    private double loss;

    ClientWorker(final ClientAgent client, final int index, final NanoClock time, final IdleStrategy idle,
            final int commandBytes) {
        this.client = client;
        this.commands = new Commands(commandBytes);
        this.asks = new Asks(commands.maxRows());
        this.index = index;
        this.time = time;
        this.idle = idle;
        this.startNs = time.nanoTime();
        this.reportedNs = startNs;
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
        startNs = time.nanoTime();
        reportedNs = startNs;
        clockBeganNs = startNs;
    }

    @Override
    public Table createTable(final TableSpec spec) {
        final TableCreation creation = client.create(Objects.requireNonNull(spec, "spec"));
        final long since = time.nanoTime();
        while (!creation.isDone()) {
            await();
        }
        waited(since);
        return creation.table();
    }

    @Override
    public Row get(final Table table, final long row) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        final long now = clock;
        final Row cached = mine.cached(id, now);
        if (cached != null) {
            return cached;
        }
        final Row found = get(mine, id, mine.ownBound(), mine.freshness(now));
        mine.served(id, now);
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
        if (missing.length < count) {
            missing = new int[count];
        }
        int missed = 0;
        for (int i = 0; i < count; i++) {
            final Row found = tryGet(mine, (int) rows[i]);
            if (found == null) {
                missing[missed++] = i;
                refresh(mine, (int) rows[i]);
            } else {
                MemorySegment.copy(found.segment(), found.offset(), target, offset + i * rowBytes, rowBytes);
            }
        }
        for (int i = 0; i < missed; i++) {
            final Row row = get(table, rows[missing[i]]);
            MemorySegment.copy(row.segment(), row.offset(), target, offset + missing[i] * rowBytes, rowBytes);
        }
    }

    private Row open(final WorkerTable table, final int row) {
        if (table.isValueBounded()) {
            throw new IllegalArgumentException("table " + table.spec().name()
                    + " bounds the value of each delta, and what is written in place is known at clock() only: use inc");
        }
        final Row found = get(table.table(), row);
        makeRoom(table, row);
        table.edit(row);
        return found;
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
        final long since = time.nanoTime();
        sendAsks();
        if (table.isOneSided(row)) {
            demand.waitsForShard(table.shardOf(row), since);
        } else {
            demand.set(table.table().id(), row, clock, staleness, freshness, table.requiredSequence(row),
                    table.shardOf(row), since);
        }
        Row found;
        while ((found = table.lookAgain(row, clock, freshness, staleness >= 0)) == null) {
            await();
        }
        demand.clear();
        table.waited(time.nanoTime() - since);
        waited(since);
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
            await();
        }
    }

    @Override
    public void inc(final Table table, final long row, final MemorySegment delta, final long offset) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        if (delta.byteSize() - offset < mine.rowBytes() || offset < 0) {
            throw new IndexOutOfBoundsException("a delta of " + mine.spec().rowBytes() + " bytes at " + offset + " of "
                    + delta.byteSize());
        }
        incRow(mine, id, delta, offset);
    }

    @Override
    public void inc(final Table table, final long[] rows, final int count, final MemorySegment deltas,
            final long offset) {
        final WorkerTable mine = mine(table);
        final long rowBytes = mine.rowBytes();
        mine.checkRows(rows, count);
        Objects.checkFromIndexSize(offset, count * rowBytes, deltas.byteSize());
        for (int from = 0; from < count; from += ROWS_AHEAD) {
            final int to = Math.min(count, from + ROWS_AHEAD);
            mine.prefetch(rows, from, to);
            for (int i = from; i < to; i++) {
                incRow(mine, (int) rows[i], deltas, offset + i * rowBytes);
            }
        }
    }

    private void incRow(final WorkerTable table, final int row, final MemorySegment delta, final long offset) {
        if (table.isValueBounded()) {
            awaitVisibility(table, row, delta, offset);
        }
        if (!table.incOpen(row, delta, offset)) {
            makeRoom(table, row);
            table.incNew(row, delta, offset, clock);
        }
    }

    @Override
    public void inc(final Table table, final long row, final int column, final double delta) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        Objects.checkIndex(column, mine.spec().columns());
        DeltaChecks.requireFloating(mine.spec());
        add(mine, id, column, delta);
    }

    @Override
    public void inc(final Table table, final long row, final int column, final long delta) {
        final WorkerTable mine = mine(table);
        final int id = mine.row(row);
        Objects.checkIndex(column, mine.spec().columns());
        DeltaChecks.requireFits(mine.spec(), delta);
        add(mine, id, column, delta);
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final float[] deltas, final int count) {
        final WorkerTable mine = mine(table);
        DeltaChecks.require(mine.spec(), ElementType.F32);
        DeltaChecks.requireColumns(mine.spec(), columns, deltas.length, count);
        final int id = mine.row(row);
        final long list = openList(mine, id, count);
        if (list != NO_LIST) {
            ColumnLists.write(list, columns, deltas, count);
            mine.incList(id, list, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            add(mine, id, columns[i], deltas[i]);
        }
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final double[] deltas, final int count) {
        final WorkerTable mine = mine(table);
        DeltaChecks.require(mine.spec(), ElementType.F64);
        DeltaChecks.requireColumns(mine.spec(), columns, deltas.length, count);
        final int id = mine.row(row);
        final long list = openList(mine, id, count);
        if (list != NO_LIST) {
            ColumnLists.write(list, columns, deltas, count);
            mine.incList(id, list, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            add(mine, id, columns[i], deltas[i]);
        }
    }

    @Override
    public void inc(final Table table, final long row, final int[] columns, final long[] deltas, final int count) {
        final WorkerTable mine = mine(table);
        DeltaChecks.requireInteger(mine.spec());
        DeltaChecks.requireColumns(mine.spec(), columns, deltas.length, count);
        final int id = mine.row(row);
        for (int i = 0; i < count; i++) {
            DeltaChecks.requireFits(mine.spec(), deltas[i]);
        }
        final long list = openList(mine, id, count);
        if (list != NO_LIST) {
            ColumnLists.write(mine.spec().type(), list, columns, deltas, count);
            mine.incList(id, list, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            add(mine, id, columns[i], deltas[i]);
        }
    }

    /** Where the columns of a delta should be listed; {@link #NO_LIST} if they should be added one by one. */
    private long openList(final WorkerTable table, final int row, final int count) {
        if (!table.takesList(row, count)) {
            return NO_LIST;
        }
        makeRoom(table, row);
        return table.openList(row, count);
    }

    private void add(final WorkerTable table, final int row, final int column, final double delta) {
        if (table.isValueBounded()) {
            awaitVisibility(table, row, column, delta);
        }
        makeRoom(table, row);
        table.inc(row, column, delta);
    }

    private void add(final WorkerTable table, final int row, final int column, final long delta) {
        if (table.isValueBounded()) {
            awaitVisibility(table, row, column, delta);
        }
        makeRoom(table, row);
        table.inc(row, column, delta);
    }

    /**
     * Waits until a delta keeps what readers may not see of the element within the value bound. A single delta that is
     * larger than the bound waits until they see all before it.
     */
    private void awaitVisibility(final WorkerTable table, final int row, final int column, final double delta) {
        final double bound = table.spec().consistency().valueBound(clock);
        if (!ValueBound.passes(table, row, column, delta, bound)) {
            return;
        }
        final long since = beginWaitForShard(table, row);
        while (ValueBound.passes(table, row, column, delta, bound)) {
            await();
        }
        endWaitForShard(since);
    }

    private void awaitVisibility(final WorkerTable table, final int row, final MemorySegment delta,
            final long offset) {
        final double bound = table.spec().consistency().valueBound(clock);
        if (!ValueBound.passes(table, row, delta, offset, bound)) {
            return;
        }
        final long since = beginWaitForShard(table, row);
        while (ValueBound.passes(table, row, delta, offset, bound)) {
            await();
        }
        endWaitForShard(since);
    }

    /** Hands over what is open, so that the wait can end. */
    private long beginWaitForShard(final WorkerTable table, final int row) {
        final long since = time.nanoTime();
        final int shard = table.shardOf(row);
        flush(table, shard);
        demand.waitsForShard(shard, since);
        return since;
    }

    private void endWaitForShard(final long since) {
        demand.clear();
        waited(since);
    }

    /**
     * If the row needs a new record: hands over early when much is open already, and waits for acknowledgements when
     * the log has no room.
     */
    private void makeRoom(final WorkerTable table, final int row) {
        if (!table.needsRecord(row)) {
            return;
        }
        final int shard = table.shardOf(row);
        final boolean streams = table.isWorthHandingOver(shard);
        if (streams || table.log(shard).isHalfOpen()) {
            flush(table, shard);
            client.assist();
            table.reclaim(shard);
        }
        if (streams) {
            table.log(shard).stream();
        }
        if (table.hasNoRoom(shard)) {
            table.reclaimAll(shard);
            if (table.hasNoRoom(shard)) {
                waitForRoom(table, row);
            }
        }
    }

    private void waitForRoom(final WorkerTable table, final int row) {
        final long since = beginWaitForShard(table, row);
        final int shard = table.shardOf(row);
        while (table.hasNoRoom(shard)) {
            await();
            table.reclaimAll(shard);
        }
        endWaitForShard(since);
    }

    @Override
    public void clock() {
        handOver();
        final long next = clock + 1;
        while (!commands.clock(next)) {
            await();
        }
        clock = next;
        publishedClock = next;
        client.assist();
        final long now = time.nanoTime();
        for (final WorkerTable table : tables) {
            if (table != null) {
                table.clockEnded(now - clockBeganNs);
            }
        }
        clockBeganNs = now;
        postReport(now);
    }

    private void handOver() {
        sendAsks();
        for (final WorkerTable table : tables) {
            for (int shard = 0; table != null && shard < table.shards(); shard++) {
                flush(table, shard);
                table.log(shard).endClock();
                table.reclaim(shard);
            }
        }
    }

    private void flush(final WorkerTable table, final int shard) {
        final DeltaLog log = table.log(shard);
        if (log.sealed() == log.next()) {
            return;
        }
        table.complete(shard);
        while (!commands.flush(table.table().id(), shard, log.sealed(), log.next(), clock)) {
            await();
        }
        log.seal();
    }

    @Override
    public void report(final long itemCount, final double lossSum, final long sampleCount) {
        items += itemCount;
        loss += lossSum;
        samples += sampleCount;
        stats.processed(itemCount);
    }

    /** What cannot be queued now is part of the next report. */
    private void postReport(final long now) {
        if (reports.offer(clock, items, samples, loss, now - reportedNs)) {
            items = 0;
            samples = 0;
            loss = 0;
            reportedNs = now;
        }
    }

    @Override
    public void conclude(final JobResult outcome) {
        result = Objects.requireNonNull(outcome, "result");
    }

    /** The worker makes no more deltas; others need not wait for it any more. */
    void retire() {
        handOver();
        for (final WorkerTable table : tables) {
            if (table != null && table.isRounded()) {
                incResiduals(table);
            }
        }
        handOver();
        while (!commands.clock(VectorClock.RETIRED)) {
            await();
        }
        endNs = time.nanoTime();
        if (items > 0) {
            postReport(endNs);
        }
        retired = true;
    }

    private void incResiduals(final WorkerTable table) {
        for (int row = 0; row < table.spec().rows(); row++) {
            if (table.hasResidual(row)) {
                makeRoom(table, row);
                table.incResidual(row);
            }
        }
    }

    private void await() {
        client.checkRunning();
        idle.idle(client.assist());
    }

    private void waited(final long sinceNs) {
        idle.reset();
        stats.waited(time.nanoTime() - sinceNs);
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
        return reports;
    }

    Demand demand() {
        return demand;
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
        return endNs - startNs;
    }
}
