package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.Consistency.Propagation;
import io.rubato.Consistency.Sampling;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.WorkerReport;
import io.rubato.protocol.sbe.ClockAdvanceDecoder;
import io.rubato.protocol.sbe.ClockAnswerDecoder;
import io.rubato.protocol.sbe.ClockRequestDecoder;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.PushMarkDecoder;
import io.rubato.protocol.sbe.PushStatusDecoder;
import io.rubato.protocol.sbe.PushedRowsDecoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import io.rubato.testing.LocalCluster;
import io.rubato.testing.MemoryNetwork;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.agrona.concurrent.NanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole jobs in one process under every consistency model; each read is held against what the model promises. */
class ModelsTest {
    private static final int ROWS = 23;
    private static final int CLOCKS = 30;

    static Stream<Consistency> models() {
        return Stream.of(Consistency.bsp(), Consistency.ssp(2), Consistency.essp(0), Consistency.essp(3),
                Consistency.asp(), Consistency.asp().with(Propagation.PUSH), Consistency.vap(2),
                Consistency.decayingVap(4), Consistency.pbsp(2), Consistency.pssp(2, 1),
                Consistency.pssp(1, 3).with(Propagation.PUSH), Consistency.pbsp(2).with(Sampling.PEERS),
                Consistency.pssp(2, 2).with(Sampling.PEERS), Consistency.pssp(2, 0), Consistency.pbsp(99),
                Consistency.dssp(0, 3), Consistency.dssp(1, 2).with(Propagation.PUSH));
    }

    /** Worker w adds 1 to column w of every row in each clock, and 0 to others': a column is a clock. */
    private static void count(final Worker worker, final Consistency consistency) {
        final Table table =
                worker.createTable(new TableSpec("counts", ROWS, worker.workers(), ElementType.I64, consistency));
        final SplittableRandom random = new SplittableRandom(worker.index());
        for (int c = 0; c < CLOCKS; c++) {
            for (int i = 0; i < ROWS; i++) {
                check(worker.get(table, random.nextInt(ROWS)), worker, c, consistency);
            }
            for (int row = 0; row < ROWS; row++) {
                worker.inc(table, row, worker.index(), 1L);
                if (random.nextInt(4) == 0) {
                    assertEquals(c + 1, worker.get(table, row).getLong(worker.index()), "own deltas show at once");
                }
            }
            worker.clock();
        }
        for (int row = 0; row < ROWS; row++) {
            final Row last = worker.get(table, row, 0);
            for (int w = 0; w < worker.workers(); w++) {
                assertEquals(CLOCKS, last.getLong(w));
            }
        }
    }

    private static void check(final Row row, final Worker worker, final int clock, final Consistency consistency) {
        assertEquals(clock, row.getLong(worker.index()), "all own deltas, each once");
        final long wanted = consistency.isClocked() ? clock - consistency.staleness() : 0;
        int atLeast = 0;
        for (int w = 0; w < worker.workers(); w++) {
            atLeast += w != worker.index() && row.getLong(w) >= wanted ? 1 : 0;
        }
        final int others = worker.workers() - 1;
        final int expected = consistency.isSampled() ? Math.min(others, consistency.sample()) : others;
        assertTrue(atLeast >= expected, "worker " + worker.index() + " at clock " + clock + " sees " + atLeast
                + " of " + others + " others up to clock " + wanted + " under " + consistency);
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyReadKeepsThePromiseOfTheModel(final Consistency consistency) {
        verify(new LocalCluster(2, 2, 2).run(worker -> count(worker, consistency)), consistency, 4);
    }

    /** Caches of one row and logs of four records. */
    @ParameterizedTest
    @MethodSource("models")
    void soWhenEveryReadEvicts(final Consistency consistency) {
        verify(new LocalCluster(2, 2, 1).bytes(1, 1).run(worker -> count(worker, consistency)), consistency, 2);
    }

    /** Any message that the protocol has to repair may be lost or come twice. */
    @ParameterizedTest
    @MethodSource("models")
    void soWhenMessagesGetLostAndComeTwice(final Consistency consistency) {
        final Set<Integer> affected = Set.of(DeltaBatchDecoder.TEMPLATE_ID, ClockAdvanceDecoder.TEMPLATE_ID,
                ReadRequestDecoder.TEMPLATE_ID, RowImagesDecoder.TEMPLATE_ID, ShardStatusDecoder.TEMPLATE_ID,
                PushedRowsDecoder.TEMPLATE_ID, PushMarkDecoder.TEMPLATE_ID, PushStatusDecoder.TEMPLATE_ID,
                ClockRequestDecoder.TEMPLATE_ID, ClockAnswerDecoder.TEMPLATE_ID);
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final Random random = new Random(7);
        final MemoryNetwork network = new MemoryNetwork((_, _, message) -> {
            final int template = header.wrap(message, 0).templateId();
            final int dice = affected.contains(template) ? random.nextInt(20) : 2;
            return dice == 0 ? 0 : dice == 1 ? 2 : 1;
        });
        final long start = System.nanoTime();
        // A hundred times faster than the wall clock, so that timeouts of seconds come about.
        final NanoClock fast = () -> start + (System.nanoTime() - start) * 100;
        verify(new LocalCluster(2, 2, 1).network(network).clock(fast).run(worker -> count(worker, consistency)),
                consistency, 2);
    }

    private static void verify(final JobReport report, final Consistency consistency, final int workers) {
        assertEquals(report.deltaRowsSent(), report.deltaRowsApplied());
        assertEquals(0, report.badMessages());
        if (consistency.isClocked() && consistency.sample() == 0) {
            assertTrue(report.maxClockGap() <= consistency.staleness(), "a lead of " + report.maxClockGap());
        }
        assertEquals(workers, report.workers().size());
        assertEquals(1, report.tables().size());
    }

    /** Where nothing bounds values: there every read looks at what shards have pushed. */
    @ParameterizedTest
    @MethodSource("models")
    void onlyTheFirstReadInAClockLooksFurtherThanTheCache(final Consistency consistency) {
        final int reads = 10;
        final JobReport report = new LocalCluster(1, 2, 1).run(worker -> {
            final Table table = worker.createTable(new TableSpec("t", 1, 1, ElementType.I64, consistency));
            for (int c = 0; c < CLOCKS; c++) {
                for (int i = 0; i < reads; i++) {
                    worker.get(table, 0);
                }
                worker.clock();
            }
        });
        for (final WorkerReport worker : report.workers()) {
            assertEquals(reads * CLOCKS, worker.rowsRead());
            if (!consistency.isValueBounded()) {
                assertEquals((reads - 1) * CLOCKS, worker.cacheHits());
            }
        }
    }

    @Test
    void aJobMayHaveTablesOfEveryModel() {
        new LocalCluster(1, 2, 2).run(worker -> {
            final Table[] tables = models().map(consistency -> worker.createTable(
                    new TableSpec("t" + models().toList().indexOf(consistency), 1, 4, ElementType.I64, consistency)))
                    .toArray(Table[]::new);
            for (int c = 0; c < 10; c++) {
                for (final Table table : tables) {
                    check(worker.get(table, 0), worker, c, table.spec().consistency());
                    worker.inc(table, 0, worker.index(), 1L);
                }
                worker.clock();
            }
        });
    }
}
