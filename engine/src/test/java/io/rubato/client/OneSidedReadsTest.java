package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.testing.HeapFreeStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Read-my-writes of one-sided reads as a property: whatever the agent and the shards do before, after and in the middle
 * of a read, it holds every own delta exactly once, what the minimum clock promises of the others, and never less than
 * the read before. Agent and two shards are played on the same thread; a shard adds the rows of a message one by one.
 */
class OneSidedReadsTest {
    private static final int SHARDS = 2;
    private static final int ROWS = 6;
    private static final TableSpec SPEC = new TableSpec("t", ROWS, 2, ElementType.I64, Consistency.ssp(3));
    private static final int OWN = 0;
    private static final int OTHERS = 1;

    private final MemorySegment scratch = Arena.ofAuto().allocate(16, 8);
    private final HeapFreeStore[] stores =
            {new HeapFreeStore(SPEC, ROWS / SHARDS), new HeapFreeStore(SPEC, ROWS / SHARDS)};
    private final ShardProgress progress = new ShardProgress(SHARDS);
    /** A worker's cache of two rows, logs of eight records. */
    private final WorkerTable table = new WorkerTable(new Table(0, SPEC), 0, null,
            TableViews.open((_, _, shard, _, _, client) -> stores[shard].view(client), 1, new Table(0, SPEC), SHARDS, 1,
                    0),
            progress, SHARDS, 128, 8L * SHARDS * 64, Arena.ofAuto());
    private final long[] made = new long[ROWS];
    private final long[] lastSeen = new long[ROWS];
    private final long[] sent = new long[SHARDS];
    private final long[] sequence = new long[SHARDS];
    /** Records added by each shard so far, and the message that they are of. */
    private final long[] added = new long[SHARDS];
    private final long[] applying = new long[SHARDS];
    private final long[] applied = new long[SHARDS];
    private int othersRow;
    private long clock;
    private int reads;
    private int refusals;
    private int retries;
    private int copies;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aReadHoldsEveryOwnDeltaOnce(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (final HeapFreeStore store : stores) {
            store.between(() -> {
                copies++;
                meanwhile(random);
            }, () -> meanwhile(random));
        }
        for (int step = 0; step < 20_000; step++) {
            final int row = random.nextInt(ROWS);
            switch (random.nextInt(6)) {
                case 0, 1 -> inc(row, random);
                case 2 -> {
                    table.deltas().log(row % SHARDS).seal();
                    table.deltas().reclaim(row % SHARDS);
                }
                case 3 -> {
                    if (clock < stores[0].minimumClock() + 5 && random.nextBoolean()) {
                        clock++;
                        table.clockEnded(0);
                    }
                }
                case 4 -> meanwhile(random);
                default -> read(row);
            }
        }
        assertTrue(reads > 1_000 && refusals > 100 && retries > 100,
                reads + " reads, " + refusals + " refusals, " + retries + " retries");
        assertEquals(copies, table.oneSidedReads().count() + retries);
    }

    private void inc(final int row, final SplittableRandom random) {
        if (table.deltas().needsRecord(row) && table.deltas().log(row % SHARDS).isFull()) {
            return;
        }
        final long delta = random.nextLong(1, 100);
        table.inc(row, OWN, delta);
        made[row] += delta;
    }

    /** What others do at the same time. */
    private void meanwhile(final SplittableRandom random) {
        while (random.nextInt(3) > 0) {
            final int shard = random.nextInt(SHARDS);
            switch (random.nextInt(5)) {
                case 0 -> send(shard);
                case 1, 2 -> apply(shard);
                case 3 -> progress.acknowledged(shard, applied[shard]);
                default -> others();
            }
        }
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

    /** A shard begins a message, adds a row of it, or ends it. */
    private void apply(final int shard) {
        final DeltaLog log = table.deltas().log(shard);
        final long n = added[shard];
        if (applying[shard] > applied[shard] && (n == sent[shard] || log.sequence(n) > applying[shard])) {
            applied[shard] = applying[shard];
            stores[shard].appliedSequence(0, applied[shard]);
        } else if (applying[shard] > applied[shard]) {
            scratch.fill((byte) 0);
            log.addTo(scratch.address(), n);
            stores[shard].add(log.row(n), scratch, 0);
            added[shard]++;
        } else if (n < sent[shard]) {
            applying[shard] = log.sequence(n);
            stores[shard].applyingSequence(0, applying[shard]);
        }
    }

    /** Others make a delta to every row in each clock, one row at a time. */
    private void others() {
        if (othersRow == ROWS - 1 && stores[0].minimumClock() == clock) {
            // The minimum clock is not above that of the reader.
            return;
        }
        scratch.fill((byte) 0);
        scratch.setAtIndex(ValueLayout.JAVA_LONG, OTHERS, 1);
        stores[othersRow % SHARDS].add(othersRow / SHARDS, scratch, 0);
        othersRow = (othersRow + 1) % ROWS;
        if (othersRow == 0) {
            for (final HeapFreeStore store : stores) {
                store.minimumClock(store.minimumClock() + 1);
            }
        }
    }

    private void read(final int row) {
        // One bound per clock, as a table has it.
        final long freshness = Math.max(0, clock - 3 - 5 * clock % 6);
        final long minimumClock = stores[row % SHARDS].minimumClock();
        final int copiesBefore = copies;
        final long readBefore = table.oneSidedReads().count();
        Row found = table.cached(row, clock);
        if (found == null) {
            found = table.lookAgain(row, clock, freshness, false);
            if (found != null) {
                table.served(row, clock);
            }
        }
        retries += (int) (copies - copiesBefore - (table.oneSidedReads().count() - readBefore));
        if (found == null) {
            refusals++;
            assertTrue(minimumClock < freshness, "an open gate refuses nobody");
            return;
        }
        reads++;
        assertEquals(row, found.id());
        assertEquals(made[row], found.getLong(OWN));
        assertTrue(found.minimumClock() >= freshness && found.getLong(OTHERS) >= found.minimumClock());
        assertTrue(found.getLong(OTHERS) >= lastSeen[row], "no way back");
        lastSeen[row] = found.getLong(OTHERS);
        assertTrue(table.oneSidedReads().maxClockGap() <= 7);
    }
}
