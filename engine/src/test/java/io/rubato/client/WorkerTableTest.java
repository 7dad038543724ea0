package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Read-my-writes as a property: whatever the order in which deltas are made, sealed, sent, applied, acknowledged and
 * freed, and in which images old and new come and are evicted, a read that is served holds every own delta exactly
 * once, and never less of the others' than its freshness asks for. The agent and two shards are played on the same
 * thread.
 */
class WorkerTableTest {
    private static final int SHARDS = 2;
    private static final int ROWS = 6;
    private static final TableSpec SPEC = new TableSpec("t", ROWS, 3, ElementType.I64, Consistency.ssp(3));
    private static final int OWN = 0;
    private static final int OWN_DENSE = 1;
    private static final int OTHERS = 2;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment scratch = arena.allocate(24, 8);
    private final ProcessCache process = new ProcessCache(SPEC, 4, arena);
    private final ShardProgress progress = new ShardProgress(SHARDS);
    /** A worker's cache of two rows, logs of eight records. */
    private final WorkerTable table =
            new WorkerTable(new Table(0, SPEC), 0, process, TableViews.none(SHARDS), progress, SHARDS, 128,
                    8L * SHARDS * 64, arena);
    private final long[][] served = new long[ROWS][3];
    private final long[][] made = new long[ROWS][2];
    private final long[] sent = new long[SHARDS];
    private final long[] appliedTo = new long[SHARDS];
    private final long[] sequence = new long[SHARDS];
    private final long[] applied = new long[SHARDS];
    private long version;
    private final long[] lastSeen = new long[ROWS];
    private long minimumClock;
    private long clock;
    private int reads;
    private int refusals;
    private int edits;
    private int lists;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aReadHoldsEveryOwnDeltaOnce(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < 24_000; step++) {
            final int row = random.nextInt(ROWS);
            final int shard = random.nextInt(SHARDS);
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> inc(row, random);
                case 12, 13 -> edit(row, random);
                case 3 -> seal(shard);
                case 4 -> send(shard);
                case 5 -> apply(shard);
                case 6 -> progress.acknowledged(shard, applied[shard]);
                case 7 -> table.deltas().reclaim(shard);
                case 8 -> image(row);
                case 9 -> tick(random);
                default -> read(row, random);
            }
        }
        assertTrue(reads > 2_000 && refusals > 300 && edits > 500 && lists > 200, reads + " reads, " + refusals
                + " refusals, " + edits + " edits, " + lists + " lists");
    }

    private void inc(final int row, final SplittableRandom random) {
        final int shard = row % SHARDS;
        if (table.deltas().needsRecord(row) && table.deltas().log(shard).isFull()) {
            return;
        }
        final long delta = random.nextLong(1, 100);
        if (random.nextBoolean()) {
            if (random.nextBoolean() && table.deltas().takesList(row, 1)) {
                final long list = table.deltas().newList(row, 1);
                ColumnLists.write(ElementType.I64, list, new int[] {OWN}, new long[] {delta}, 1);
                table.incList(row, list, 1);
                lists++;
            } else {
                table.inc(row, OWN, delta);
            }
            made[row][OWN] += delta;
        } else {
            scratch.fill((byte) 0);
            scratch.setAtIndex(ValueLayout.JAVA_LONG, OWN_DENSE, delta);
            if (!table.incOpen(row, scratch.address())) {
                table.incNew(row, scratch.address(), clock);
            }
            made[row][OWN_DENSE] += delta;
        }
    }

    /** In place, over and over until something closes the row. */
    private void edit(final int row, final SplittableRandom random) {
        final long freshness = Math.max(0, clock - 3 * clock % 5);
        Row open = table.edited(row, clock);
        if (open == null) {
            open = table.lookAgain(row, clock, freshness, false);
            if (open == null || table.deltas().needsRecord(row) && table.deltas().log(row % SHARDS).isFull()) {
                return;
            }
            table.edit(row);
            table.served(row, clock);
            assertEquals(row, table.edited(row, clock).id());
        }
        edits++;
        final long delta = random.nextLong(1, 100);
        open.setLong(OWN, open.getLong(OWN) + delta);
        made[row][OWN] += delta;
    }

    private void seal(final int shard) {
        table.complete(shard);
        table.deltas().log(shard).seal();
    }

    /** The agent gives all sealed records that it has not sent the next sequence number. */
    private void send(final int shard) {
        final DeltaLog log = table.deltas().log(shard);
        if (sent[shard] < log.sealed()) {
            sequence[shard]++;
            while (sent[shard] < log.sealed()) {
                log.sequence(sent[shard]++, sequence[shard]);
            }
        }
    }

    /** The shard applies everything that was sent. */
    private void apply(final int shard) {
        final DeltaLog log = table.deltas().log(shard);
        for (; appliedTo[shard] < sent[shard]; appliedTo[shard]++) {
            final long n = appliedTo[shard];
            scratch.fill((byte) 0);
            log.addTo(scratch.address(), n);
            for (int c = 0; c < 3; c++) {
                served[log.row(n) * SHARDS + shard][c] += scratch.getAtIndex(ValueLayout.JAVA_LONG, c);
            }
        }
        applied[shard] = sequence[shard];
    }

    private void image(final int row) {
        for (int c = 0; c < 3; c++) {
            scratch.setAtIndex(ValueLayout.JAVA_LONG, c, served[row][c]);
        }
        process.put(row, new ImageClocks().set(minimumClock, minimumClock, applied[row % SHARDS], ++version, false),
                scratch.address(), _ -> false);
    }

    /** Others make a delta to every row in each clock, so that an image of minimum clock m holds exactly m of them. */
    private void tick(final SplittableRandom random) {
        clock++;
        table.clockEnded(0);
        if (random.nextInt(3) > 0) {
            minimumClock = Math.min(clock, minimumClock + 1 + random.nextInt(3));
            for (final long[] row : served) {
                row[OTHERS] = minimumClock;
            }
        }
    }

    private void read(final int row, final SplittableRandom random) {
        final long freshness = Math.max(0, clock - 3 * clock % 5);
        Row found = table.cached(row, clock);
        if (found == null) {
            found = table.lookAgain(row, clock, freshness, false);
            if (found != null) {
                table.served(row, clock);
            }
        }
        if (found == null) {
            refusals++;
            image(row);
            found = table.lookAgain(row, clock, freshness, false);
            final boolean isThere =
                    minimumClock >= freshness && applied[row % SHARDS] >= table.deltas().requiredSequence(row);
            assertEquals(isThere, found != null, "an image that is fresh and holds what was freed serves");
        }
        if (found != null) {
            reads++;
            assertEquals(row, found.id());
            assertEquals(made[row][OWN], found.getLong(OWN));
            assertEquals(made[row][OWN_DENSE], found.getLong(OWN_DENSE));
            assertEquals(found.minimumClock(), found.getLong(OTHERS));
            assertTrue(found.minimumClock() >= freshness && found.minimumClock() >= lastSeen[row], "no way back");
            lastSeen[row] = found.minimumClock();
        }
    }
}
