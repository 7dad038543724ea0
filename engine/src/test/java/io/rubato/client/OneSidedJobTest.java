package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.JobStoppedException;
import io.rubato.Refresh;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.coordinator.CoordinatorAgent;
import io.rubato.coordinator.WorkerReport;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of two workers, whose thread is the test's, on the machine of the job's shards. */
class OneSidedJobTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int ROWS = 10;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private int requests;
    private final Stage stage = new Stage(new MemoryNetwork((_, _, message) -> {
        requests += header.wrap(message, 0).templateId() == ReadRequestDecoder.TEMPLATE_ID ? 1 : 0;
        return 1;
    }));
    private ClientAgent client;
    private Worker worker;
    private Worker other;

    private CoordinatorAgent begin(final int shards) {
        final CoordinatorAgent coordinator = stage.coordinator(shards, 1, 2);
        for (int i = 0; i < shards; i++) {
            stage.shard(i);
        }
        client = stage.client(0, 2);
        client.awaitConfig();
        worker = client.worker(0);
        other = client.worker(1);
        return coordinator;
    }

    private Table table(final String name, final Consistency consistency) {
        return worker.createTable(new TableSpec(name, ROWS, 2, ElementType.I64, consistency));
    }

    private void endClock() {
        worker.clock();
        other.clock();
        stage.cycles(3);
    }

    private void end() {
        client.finished(0);
        client.finished(1);
        stage.pass(5 * SECOND_NS, SECOND_NS / 10);
        assertEquals(null, stage.failure());
        assertEquals(stage.report().deltaRowsSent(), stage.report().deltaRowsApplied());
        assertEquals(0, stage.report().badMessages());
    }

    private static void assertEveryReadIsInTheHistogram(final WorkerReport report) {
        assertEquals(report.rowsRead(),
                report.stalenessHistogram().values().stream().mapToLong(Long::longValue).sum());
    }

    private long oneSidedReads() {
        return stage.report().workers().stream().mapToLong(WorkerReport::oneSidedReads).sum();
    }

    @Test
    void rowsAreReadWithoutAMessageAndWithoutAProcessCache() {
        stage.oneMachine();
        begin(2);
        final Table table = table("t", Consistency.ssp(1));
        for (int clock = 0; clock < 5; clock++) {
            for (int row = 0; row < ROWS; row++) {
                assertEquals(clock, worker.get(table, row).getLong(0));
                worker.inc(table, row, 0, 1L);
                assertEquals(clock + 1, worker.get(table, row).getLong(0));
                assertTrue(other.get(table, row, 9).getLong(0) >= clock - 1);
            }
            endClock();
        }
        end();
        assertEquals(0, requests);
        assertEquals(0, client.processCacheRows(table.id()));
        assertEquals(2 * 5 * ROWS, oneSidedReads());
        assertEquals(3 * 5 * ROWS, stage.report().workers().stream().mapToLong(WorkerReport::rowsRead).sum());
    }

    /** Rows of which five are fetched together, some served by their copies and some not. */
    @ParameterizedTest
    @ValueSource(strings = {"ssp", "asp"})
    void runsAreReadWithoutAMessageAndCountAsEveryReadDoes(final String model) {
        stage.oneMachine();
        begin(3);
        final boolean isClocked = model.equals("ssp");
        final Table table = worker.createTable(new TableSpec("t", 40, 200, ElementType.I64,
                isClocked ? Consistency.ssp(1) : Consistency.asp()));
        final long[] rows = LongStream.range(0, 50).map(i -> i * 7 % 40).toArray();
        final int rowBytes = table.spec().rowBytes();
        final MemorySegment read = Arena.ofAuto().allocate((long) rowBytes * rows.length, 8);
        for (int clock = 0; clock < 20; clock++) {
            for (int row = 0; row < 40; row++) {
                worker.inc(table, row, 199, row);
            }
            worker.get(table, rows[3]);
            worker.get(table, rows[6]);
            for (int times = 0; times < 3; times++) {
                worker.get(table, rows, rows.length, read.fill((byte) 0), 0);
                for (int i = 0; i < rows.length; i++) {
                    assertEquals((clock + 1) * rows[i],
                            read.get(ValueLayout.JAVA_LONG, (long) rowBytes * (i + 1) - 8));
                }
            }
            endClock();
        }
        end();
        assertEquals(0, requests);
        // The first read of a row goes straight to its place; the second in the clock makes a copy of it.
        final int reads = 20 * 40 + 38;
        assertEquals(reads, oneSidedReads());
        final WorkerReport report = stage.report().workers().getFirst();
        assertEquals(20 * (2 + 3 * rows.length), report.rowsRead());
        assertEquals(report.rowsRead() - reads, report.cacheHits());
        assertEveryReadIsInTheHistogram(report);
    }

    /** Each row is copied and logged once in a clock, whether it is opened by itself or in a run. */
    @Test
    void aRunIsOpenedWithoutAMessageAndThenFoundOpen() {
        stage.oneMachine();
        begin(3);
        final Table table = worker.createTable(new TableSpec("t", 40, 200, ElementType.I64, Consistency.ssp(1)));
        final long[] rows = LongStream.range(0, 50).map(i -> i * 7 % 40).toArray();
        for (int clock = 0; clock < 20; clock++) {
            worker.get(table, rows[3]);
            worker.edit(table, rows[6]);
            worker.edit(table, rows, rows.length);
            for (final long row : rows) {
                final Row open = worker.edit(table, row);
                open.setLong(199, open.getLong(199) + 1);
            }
            endClock();
        }
        for (int row = 0; row < 40; row++) {
            final int id = row;
            assertEquals(20 * Arrays.stream(rows).filter(opened -> opened == id).count(),
                    worker.get(table, row).getLong(199));
        }
        end();
        assertEquals(0, requests);
        assertEquals(21 * 40, oneSidedReads());
        assertEquals(20 * 40, stage.report().deltaRowsApplied());
        final WorkerReport report = stage.report().workers().getFirst();
        assertEquals(20 * (2 + 2 * rows.length) + 40, report.rowsRead());
        assertEquals(21 * 40, report.rowsRead() - report.cacheHits());
        assertEveryReadIsInTheHistogram(report);
    }

    /** What is open is sent when the clock ends, written to or not; what is not is not. */
    @Test
    void aRunOpensItsRowsAndNoOthers() {
        stage.oneMachine();
        begin(2);
        final Table table = table("t", Consistency.ssp(1));
        worker.edit(table, new long[] {3, 4, 3, 9, 5}, 4);
        worker.clock();
        end();
        assertEquals(3, stage.report().deltaRowsApplied());
        assertEquals(4, stage.report().workers().getFirst().rowsRead());
        assertEquals(3, oneSidedReads());
    }

    /** By message: a request to each shard for all rows of a run that are not at hand. */
    @Test
    void theRowsOfARunAreAskedForTogether() {
        begin(2);
        final Table table = table("t", Consistency.ssp(0));
        final long[] rows = LongStream.range(0, ROWS).toArray();
        for (int clock = 0; clock < 5; clock++) {
            worker.edit(table, rows, ROWS);
            for (final long row : rows) {
                final Row open = worker.edit(table, row);
                open.setLong(0, open.getLong(0) + row);
            }
            endClock();
        }
        end();
        assertEquals(5 * 2, requests);
        assertEquals(5 * ROWS, stage.report().deltaRowsApplied());
    }

    @Test
    void aRunThatIsOpenedWaitsForWhatItsGateAsksFor() {
        stage.oneMachine().tick(SECOND_NS / 1_000);
        begin(2);
        final Table table = table("t", Consistency.bsp());
        final long[] rows = LongStream.range(0, ROWS).toArray();
        worker.clock();
        for (int row = 0; row < ROWS; row++) {
            other.inc(table, row, 1, row);
        }
        assertThrows(AssertionError.class, () -> worker.edit(table, rows, ROWS));
        assertTrue(stage.waiting().contains("worker 1"), stage.waiting());
        other.clock();
        stage.cycles(3);
        worker.edit(table, rows, ROWS);
        for (int row = 0; row < ROWS; row++) {
            assertEquals(row, worker.edit(table, row).getLong(1));
        }
        end();
        assertEquals(0, requests);
    }

    @Test
    void aRunWaitsForWhatItsGateAsksFor() {
        stage.oneMachine().tick(SECOND_NS / 1_000);
        begin(2);
        final Table table = table("t", Consistency.bsp());
        final long[] rows = LongStream.range(0, ROWS).toArray();
        final MemorySegment read = Arena.ofAuto().allocate(16L * ROWS, 8);
        worker.clock();
        for (int row = 0; row < ROWS; row++) {
            other.inc(table, row, 1, row);
        }
        assertThrows(AssertionError.class, () -> worker.get(table, rows, ROWS, read, 0));
        assertTrue(stage.waiting().contains("worker 1"), stage.waiting());
        other.clock();
        stage.cycles(3);
        worker.get(table, rows, ROWS, read, 0);
        for (int row = 0; row < ROWS; row++) {
            assertEquals(row, read.get(ValueLayout.JAVA_LONG, 16L * row + 8));
        }
        end();
        assertEquals(0, requests);
    }

    @Test
    void aReadWaitsUntilTheMinimumClockInTheShardsMemoryLetsItGoOn() {
        stage.oneMachine().tick(SECOND_NS / 1_000);
        begin(1);
        final Table table = table("t", Consistency.ssp(1));
        worker.clock();
        assertEquals(0, worker.get(table, 3).minimumClock());
        worker.clock();
        assertThrows(AssertionError.class, () -> worker.get(table, 3));
        assertTrue(stage.waiting().contains("worker 1"), stage.waiting());
        other.clock();
        stage.cycles(3);
        assertEquals(1, worker.get(table, 3).minimumClock());
        end();
        assertEquals(1, stage.report().maxClockGap());
    }

    @Test
    void aCopyThatIsAsNewAsTheMinimumClockIsNotReadAgain() {
        stage.oneMachine();
        begin(1);
        final Table table = table("t", Consistency.ssp(3));
        worker.get(table, 3);
        worker.clock();
        worker.get(table, 3);
        worker.get(table, 3, 1);
        end();
        assertEquals(1, oneSidedReads());
    }

    @Test
    void withoutAGateEveryClockReadsAnew() {
        stage.oneMachine();
        begin(1);
        final Table table = table("t", Consistency.asp());
        assertEquals(0, worker.get(table, 3).getLong(0));
        other.inc(table, 3, 0, 7L);
        other.clock();
        stage.cycles(3);
        assertEquals(0, worker.get(table, 3).getLong(0));
        worker.clock();
        assertEquals(7, worker.get(table, 3).getLong(0));
        end();
        assertEquals(0, requests);
        assertEquals(2, oneSidedReads());
    }

    @Test
    void anAggressiveRefreshReadsWhatIsNewAndAConservativeOneHasNothingToDo() {
        stage.oneMachine();
        begin(1);
        final Table table = table("t", Consistency.ssp(5));
        assertEquals(0, worker.get(table, 3).getLong(0));
        other.inc(table, 3, 0, 7L);
        other.clock();
        worker.clock();
        stage.cycles(3);
        worker.refresh(table, 4);
        worker.refresh(table, 4, 0);
        assertEquals(1, client.workerCacheRows(0, table.id()));
        worker.refresh(table, 3, Refresh.AGGRESSIVE);
        worker.refresh(table, 4, Refresh.AGGRESSIVE);
        assertEquals(2, client.workerCacheRows(0, table.id()));
        assertEquals(7, worker.get(table, 3).getLong(0));
        end();
        assertEquals(3, oneSidedReads());
        assertEquals(0, requests);
    }

    @Test
    void aTableThatIsOpenedLateShowsTheMinimumClockFromTheStart() {
        stage.oneMachine();
        begin(1);
        for (int clock = 0; clock < 3; clock++) {
            worker.clock();
            other.clock();
        }
        stage.cycles(3);
        final Table table = table("late", Consistency.bsp());
        assertEquals(3, stage.store("late", 0).minimumClock());
        assertEquals(3, worker.get(table, 1).minimumClock());
        end();
    }

    @Test
    void theRowsOfAShardOnAnotherMachineAreAskedFor() {
        stage.views((_, table, shard, _, _, client) -> shard == 0 ? stage.store(table.spec().name(), 0).view(client)
                : null);
        begin(2);
        final Table table = table("t", Consistency.bsp());
        for (int row = 0; row < ROWS; row++) {
            worker.get(table, row);
        }
        end();
        assertEquals(ROWS / 2, oneSidedReads());
        assertEquals(ROWS / 2, requests);
        assertEquals(ROWS / 2, client.processCacheRows(table.id()));
    }

    @Test
    void pushedAndSampledTablesAreNotLookedFor() {
        final List<String> asked = new ArrayList<>();
        stage.views((_, table, shard, _, _, _) -> {
            asked.add(table.spec().name());
            return null;
        });
        begin(1);
        table("bsp", Consistency.bsp());
        table("ssp", Consistency.ssp(1));
        table("asp", Consistency.asp());
        table("dssp", Consistency.dssp(1, 2));
        table("essp", Consistency.essp(1));
        table("pushed", Consistency.asp().with(Consistency.Propagation.PUSH));
        table("vap", Consistency.vap(1));
        table("pbsp", Consistency.pbsp(1));
        table("pssp", Consistency.pssp(1, 1));
        assertEquals(List.of("bsp", "ssp", "asp", "dssp"), asked);
        end();
    }

    @Test
    void theJobFailsIfThereMustBeAViewAndIsNone() {
        stage.views((_, _, _, _, _, _) -> {
            throw new UncheckedIOException(new IOException("t.0.slab: no such file"));
        });
        begin(1);
        table("t", Consistency.bsp());
        stage.pass(SECOND_NS, SECOND_NS / 10);
        assertTrue(
                stage.failure().startsWith("client 0 (pid 200): table t cannot be read one-sidedly: ")
                        && stage.failure().endsWith("t.0.slab: no such file"),
                stage.failure());
    }

    /** A shard that was killed while it was inside a row leaves it so. */
    @Test
    void aReaderOfARowThatIsNeverLeftLearnsThatTheJobIsOver() {
        stage.oneMachine().tick(SECOND_NS / 100);
        final CoordinatorAgent coordinator = begin(1);
        final Table table = table("t", Consistency.bsp());
        worker.get(table, 1);
        stage.store("t", 0).lock(true);
        stage.pause(coordinator, true);
        assertThrows(JobStoppedException.class, () -> worker.get(table, 2));
    }

    @Test
    void whatARowThatWasNeverLeftHadInItIsNotServed() {
        stage.oneMachine();
        begin(1);
        final Table table = table("t", Consistency.bsp());
        worker.get(table, 1);
        worker.clock();
        other.clock();
        stage.cycles(3);
        stage.store("t", 0).lock(true);
        assertThrows(AssertionError.class, () -> worker.get(table, 1));
        stage.store("t", 0).lock(false);
        assertEquals(1, worker.get(table, 1).minimumClock());
        end();
    }

    /** The lead with which a run goes straight to its place counts as that of any read. */
    @Test
    void theLeadOfARunIsReported() {
        stage.oneMachine();
        begin(1);
        final Table table = table("t", Consistency.ssp(1));
        worker.clock();
        stage.cycles(3);
        worker.get(table, new long[] {1, 2}, 2, Arena.ofAuto().allocate(32, 8), 0);
        end();
        assertEquals(1, stage.report().maxClockGap());
    }

    /** Longer lags than the marks of served rows tell. */
    @Test
    void aCopyOfLongAgoTellsItsClockAndIsCounted() {
        stage.oneMachine();
        begin(1);
        final Table table = table("t", Consistency.ssp(40));
        for (int clock = 0; clock < 30; clock++) {
            for (int times = 0; times < 3; times++) {
                assertEquals(0, worker.get(table, 3).minimumClock());
            }
            worker.clock();
            stage.cycles(3);
        }
        end();
        final WorkerReport report = stage.report().workers().getFirst();
        assertEquals(90, report.rowsRead());
        for (long lag = 0; lag < 30; lag++) {
            assertEquals(3, report.stalenessHistogram().get(-lag), "lag " + lag);
        }
    }
}
