package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.coordinator.JobReport;
import io.rubato.protocol.sbe.ClockAdvanceDecoder;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import io.rubato.testing.LocalCluster;
import io.rubato.testing.MemoryNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole jobs in one process, whose i64 totals and per-read guarantee are checked exactly. */
class LocalJobTest {
    private static final int ROWS = 37;
    private static final int COLUMNS = 5;
    private static final int CLOCKS = 40;

    /** 14 tables times 1,024 lags do not fit the longest message. */
    @Test
    void aHistogramThatIsTooLongForAMessageIsCutAtItsEnd() throws Exception {
        final int tables = 14;
        final int clocks = 1_100;
        final CountDownLatch done = new CountDownLatch(1);
        final JobReport report = new LocalCluster(1, 2, 1).run(worker -> {
            final List<Table> own = new ArrayList<>();
            for (int i = 0; i < tables; i++) {
                own.add(worker.createTable(new TableSpec("t" + i, 1, 1, ElementType.I64, Consistency.asp())));
            }
            if (worker.index() == 0) {
                for (int c = 0; c < clocks; c++) {
                    own.forEach(table -> worker.get(table, 0));
                    worker.clock();
                }
                done.countDown();
            } else {
                done.await();
            }
        });
        final SortedMap<Long, Long> histogram = report.workers().getFirst().stalenessHistogram();
        assertEquals(tables * clocks, histogram.values().stream().mapToLong(Long::longValue).sum());
        assertEquals(-511, histogram.firstKey());
    }

    /**
     * Every worker adds 1 to column 0 of every row once per clock, so that a read at clock c under SSP(s) must see at
     * least c-s from each worker, and exactly c of its own in column 1+.
     */
    private static void count(final Worker worker, final Consistency consistency) {
        final Table table = worker.createTable(
                new TableSpec("counts", ROWS, worker.workers() + 1, ElementType.I64, consistency));
        final SplittableRandom random = new SplittableRandom(worker.index());
        for (int c = 0; c < CLOCKS; c++) {
            for (int i = 0; i < 2 * ROWS; i++) {
                final int row = random.nextInt(ROWS);
                check(worker.get(table, row), worker, c, consistency);
            }
            for (int row = 0; row < ROWS; row++) {
                worker.inc(table, row, 0, 1L);
                worker.inc(table, row, worker.index() + 1, 1L);
                if (random.nextInt(4) == 0) {
                    final Row seen = worker.get(table, row);
                    assertEquals(c + 1, seen.getLong(worker.index() + 1), "own deltas of this clock show at once");
                }
            }
            worker.report(ROWS, c, 1);
            if (c % 2 == 1) {
                worker.reportTest(c, 1);
                worker.reportTest(2 + worker.index(), 1);
            }
            worker.clock();
        }
        for (int row = 0; row < ROWS; row++) {
            assertEquals((long) CLOCKS * worker.workers(), worker.get(table, row, 0).getLong(0));
        }
    }

    private static void check(final Row row, final Worker worker, final int clock, final Consistency consistency) {
        final long bound = consistency.model() == Consistency.Model.ASP ? 0 : clock - consistency.staleness();
        long sum = 0;
        for (int w = 0; w < worker.workers(); w++) {
            final long seen = row.getLong(w + 1);
            sum += seen;
            if (w == worker.index()) {
                assertEquals(clock, seen, "all own deltas, each once");
            } else {
                assertTrue(seen >= bound, "worker " + worker.index() + " at clock " + clock + " saw only " + seen
                        + " clocks of worker " + w);
            }
        }
        assertEquals(sum, row.getLong(0));
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,0", "2,2,1,0", "1,3,1,1", "3,2,2,3", "2,1,4,8"})
    void everyReadKeepsTheBoundAndNothingIsLost(final int shards, final int clients, final int threads,
            final int staleness) {
        final JobReport report = new LocalCluster(shards, clients, threads)
                .run(worker -> count(worker, Consistency.ssp(staleness)));
        assertTrue(report.maxClockGap() <= staleness, "a gate let a lead of " + report.maxClockGap() + " through");
        assertTrue(report.workers().stream().allMatch(w -> w.stalenessHistogram().firstKey() >= -staleness));
        assertEquals(report.deltaRowsSent(), report.deltaRowsApplied());
        assertEquals((long) CLOCKS * ROWS * clients * threads, report.deltaRowsApplied());
        assertEquals(CLOCKS, report.objective().size());
        final int workers = clients * threads;
        for (int c = 0; c < CLOCKS; c++) {
            assertEquals(c, report.objective().get(c).objective());
            assertEquals(c % 2 == 0 ? Double.NaN : (c + 2 + (workers - 1) / 2.0) / 2,
                    report.objective().get(c).test(), 1e-12);
        }
        assertEquals(0, report.badMessages());
        assertEquals(0, report.duplicates());
    }

    /** As {@link #count}, with runs of rows: some of a run are at hand, others have to be waited for. */
    private static void countInRuns(final Worker worker, final Consistency consistency) {
        final Table table = worker.createTable(
                new TableSpec("counts", ROWS, worker.workers() + 1, ElementType.I64, consistency));
        final int rowBytes = table.spec().rowBytes();
        final MemorySegment read = Arena.ofAuto().allocate((long) ROWS * rowBytes, 8);
        final MemorySegment ones = Arena.ofAuto().allocate((long) ROWS * rowBytes, 8);
        for (int i = 0; i < ROWS; i++) {
            ones.set(ValueLayout.JAVA_LONG, (long) i * rowBytes, 1);
            ones.set(ValueLayout.JAVA_LONG, (long) i * rowBytes + 8L * (worker.index() + 1), 1);
        }
        final Row seen = new Row(table.spec());
        final SplittableRandom random = new SplittableRandom(worker.index());
        final long[] all = LongStream.range(0, ROWS).toArray();
        for (int c = 0; c < CLOCKS; c++) {
            final long[] some = random.longs(ROWS, 0, ROWS).toArray();
            if (random.nextBoolean()) {
                worker.refresh(table, some, ROWS / 2);
            }
            worker.get(table, some[0]);
            worker.get(table, some, ROWS - 1, read, rowBytes);
            for (int i = 0; i < ROWS - 1; i++) {
                check(seen.wrap(read, (i + 1L) * rowBytes, some[i], 0), worker, c, consistency);
            }
            worker.inc(table, all, ROWS, ones, 0);
            // The second time the worker's copies serve all, if it has room for them.
            for (int times = 0; times < 2; times++) {
                worker.get(table, all, ROWS, read.fill((byte) 0), 0);
                for (int i = 0; i < ROWS; i++) {
                    assertEquals(c + 1, seen.wrap(read, (long) i * rowBytes, i, 0).getLong(worker.index() + 1));
                }
            }
            worker.clock();
        }
        for (int row = 0; row < ROWS; row++) {
            assertEquals((long) CLOCKS * worker.workers(), worker.get(table, row, 0).getLong(0));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,0", "2,2,1,0", "3,2,2,3", "2,1,4,8"})
    void runsOfRowsAreReadAndAddedToAsSingleOnesAre(final int shards, final int clients, final int threads,
            final int staleness) {
        for (final Consistency consistency : List.of(Consistency.ssp(staleness), Consistency.essp(staleness))) {
            final JobReport report = new LocalCluster(shards, clients, threads)
                    .run(worker -> countInRuns(worker, consistency));
            assertEquals((long) CLOCKS * ROWS * clients * threads, report.deltaRowsApplied());
            assertTrue(report.maxClockGap() <= staleness, "a gate let a lead of " + report.maxClockGap() + " through");
        }
        new LocalCluster(2, 2, 2).bytes(1, 1).run(worker -> countInRuns(worker, Consistency.ssp(staleness)));
    }

    @Test
    void aRunWithAMistakeDoesNothing() {
        new LocalCluster(1, 1, 1).run(worker -> {
            final Table table = worker.createTable(
                    new TableSpec("t", ROWS, 2, ElementType.I64, Consistency.bsp()));
            final MemorySegment memory = Arena.ofAuto().allocate(32, 8);
            memory.fill((byte) 1);
            for (final long[] rows : new long[][] {{0, ROWS}, {0, -1}, {0, 1L << 32}, {0}}) {
                assertThrows(IndexOutOfBoundsException.class, () -> worker.inc(table, rows, 2, memory, 0));
                assertThrows(IndexOutOfBoundsException.class, () -> worker.get(table, rows, 2, memory, 0));
                assertThrows(IndexOutOfBoundsException.class, () -> worker.refresh(table, rows, 2));
                assertThrows(IndexOutOfBoundsException.class, () -> worker.edit(table, rows, 2));
            }
            final long[] rows = {0, 1};
            for (final long offset : new long[] {-1, 1, 32}) {
                assertThrows(IndexOutOfBoundsException.class, () -> worker.inc(table, rows, 2, memory, offset));
                assertThrows(IndexOutOfBoundsException.class, () -> worker.get(table, rows, 2, memory, offset));
            }
            final MemorySegment heap = MemorySegment.ofArray(new long[4]);
            assertThrows(IllegalArgumentException.class, () -> worker.inc(table, rows, 2, heap, 0));
            assertThrows(IllegalArgumentException.class, () -> worker.inc(table, 0, heap, 0));
            assertEquals(0x0101_0101_0101_0101L, memory.get(ValueLayout.JAVA_LONG, 24));
            for (int row = 0; row < ROWS; row++) {
                assertEquals(0, worker.get(table, row).getLong(0));
            }
        });
    }

    /** A copy that is too old for the table's own bound is not dropped under a reader that has it. */
    @Test
    void anIncShowsThroughARowThatWasReadWithABoundOfItsOwn() {
        new LocalCluster(1, 1, 1).run(worker -> {
            final Table table = worker.createTable(new TableSpec("t", 1, 1, ElementType.I64, Consistency.bsp()));
            final MemorySegment one = Arena.ofAuto().allocate(8, 8);
            one.set(ValueLayout.JAVA_LONG, 0, 1);
            for (int c = 0; c < 10; c++) {
                final Row row = worker.get(table, 0, 20);
                assertEquals(c, row.getLong(0));
                worker.inc(table, 0, one, 0);
                assertEquals(c + 1, row.getLong(0));
                worker.clock();
            }
        });
    }

    @Test
    void bspAndAspRunToo() {
        new LocalCluster(2, 2, 1).run(worker -> count(worker, Consistency.bsp()));
        new LocalCluster(2, 2, 1).run(worker -> count(worker, Consistency.asp()));
    }

    /** Caches of one row and logs of four records: every read evicts, every few deltas wait for room. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void readMyWritesHoldsAcrossEvictions(final int staleness) {
        final JobReport report = new LocalCluster(2, 2, 2).bytes(1, 1)
                .run(worker -> count(worker, Consistency.ssp(staleness)));
        assertEquals(report.deltaRowsSent(), report.deltaRowsApplied());
    }

    /** Messages between clients and shards get lost and come twice: the sums stay exact. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void lossAndDuplicationLoseAndDoubleNothing(final long seed) {
        final Set<Integer> affected = Set.of(DeltaBatchDecoder.TEMPLATE_ID, ClockAdvanceDecoder.TEMPLATE_ID,
                ReadRequestDecoder.TEMPLATE_ID, RowImagesDecoder.TEMPLATE_ID, ShardStatusDecoder.TEMPLATE_ID);
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final Random random = new Random(seed);
        final MemoryNetwork network = new MemoryNetwork((from, to, message) -> {
            final int template = header.wrap(message, 0).templateId();
            final int dice = affected.contains(template) ? random.nextInt(20) : 2;
            return dice == 0 ? 0 : dice == 1 ? 2 : 1;
        });
        final FastClock clock = new FastClock();
        final JobReport report = new LocalCluster(2, 2, 1).network(network).clock(clock)
                .run(worker -> count(worker, Consistency.ssp(1)));
        assertEquals(report.deltaRowsSent(), report.deltaRowsApplied());
        assertTrue(report.duplicates() > 0);
    }

    /** Time runs a hundred times faster than the wall clock, so that timeouts of seconds come about in a test. */
    private static final class FastClock implements org.agrona.concurrent.NanoClock {
        private final long start = System.nanoTime();

        @Override
        public long nanoTime() {
            return start + (System.nanoTime() - start) * 100;
        }
    }

    @Test
    void sparseAndDenseDeltasOfAllTypesAddUp() {
        new LocalCluster(3, 2, 1).run(worker -> {
            final Table f32 = worker.createTable(new TableSpec("f32", 11, 300, ElementType.F32, Consistency.bsp()));
            final Table f64 = worker.createTable(new TableSpec("f64", 11, 300, ElementType.F64, Consistency.bsp()));
            final Table i32 = worker.createTable(new TableSpec("i32", 11, 300, ElementType.I32, Consistency.bsp()));
            for (int c = 0; c < 5; c++) {
                for (int row = 0; row < 11; row++) {
                    worker.inc(f32, row, new int[] {1, 299, 1}, new float[] {0.5f, 2, 0.25f}, 3);
                    worker.inc(f64, row, 7, 0.125);
                    worker.inc(i32, row, new int[] {0, 1, 2}, new long[] {1, -1, Integer.MAX_VALUE}, 2);
                    for (int column = 0; column < 300; column++) {
                        worker.inc(i32, row, column, 10L);
                    }
                }
                worker.clock();
            }
            for (int row = 0; row < 11; row++) {
                assertEquals(7.5f, worker.get(f32, row).getFloat(1));
                assertEquals(20f, worker.get(f32, row).getFloat(299));
                assertEquals(1.25, worker.get(f64, row).getDouble(7));
                assertEquals(110, worker.get(i32, row).getInt(0));
                assertEquals(90, worker.get(i32, row).getInt(1));
                assertEquals(100, worker.get(i32, row).getInt(2));
            }
        });
    }

    @Test
    void underAspNewsArriveWhileTheMinimumClockStandsStill() {
        final AtomicBoolean read = new AtomicBoolean();
        final AtomicBoolean seen = new AtomicBoolean();
        new LocalCluster(1, 3, 1).run(worker -> {
            final Table table =
                    worker.createTable(new TableSpec("t", 1, 1, ElementType.I64, Consistency.asp()));
            if (worker.index() == 0) {
                await(read);
                worker.inc(table, 0, 0, 1L);
                worker.clock();
                await(seen);
            } else if (worker.index() == 1) {
                assertEquals(0, worker.get(table, 0).getLong(0));
                read.set(true);
                while (worker.get(table, 0).getLong(0) == 0) {
                    worker.clock();
                }
                seen.set(true);
            } else {
                await(seen);
            }
        });
    }

    private static void await(final AtomicBoolean flag) {
        while (!flag.get()) {
            Thread.yield();
        }
    }

    @Test
    void aTableOfAnotherShapeIsRefused() {
        final LocalCluster cluster = new LocalCluster(1, 2, 1);
        final AtomicLongArray refused = new AtomicLongArray(1);
        cluster.run(worker -> {
            final Table table = worker.createTable(
                    new TableSpec("same", 10, 2, ElementType.F32, Consistency.bsp()));
            worker.clock();
            worker.get(table, 0, 0);
            try {
                worker.createTable(new TableSpec("same", 10, 3, ElementType.F32, Consistency.bsp()));
            } catch (final IllegalArgumentException e) {
                assertTrue(e.getMessage().contains("columns=2"), e.getMessage());
                refused.incrementAndGet(0);
            }
        });
        assertEquals(2, refused.get(0));
    }

    @Test
    void aWorkerThatThrowsFailsTheJobByName() {
        final LocalCluster cluster = new LocalCluster(1, 2, 1);
        assertEquals(false, cluster.runToEnd(worker -> {
            final Table table = worker.createTable(
                    new TableSpec("t", 10, 2, ElementType.F32, Consistency.bsp()));
            if (worker.index() == 1) {
                throw new IllegalStateException("out of luck");
            }
            worker.clock();
            worker.get(table, 0);
        }).success());
        assertTrue(cluster.failure().contains("worker 1") && cluster.failure().contains("out of luck"),
                cluster.failure());
    }

    @Test
    void badArgumentsAreRefusedAndChangeNothing() {
        new LocalCluster(1, 1, 1).run(worker -> {
            final Table table = worker.createTable(
                    new TableSpec("t", 10, 2, ElementType.I32, Consistency.bsp()));
            expect(IndexOutOfBoundsException.class, () -> worker.get(table, 10));
            expect(IndexOutOfBoundsException.class, () -> worker.get(table, -1));
            expect(IndexOutOfBoundsException.class, () -> worker.get(table, 1L << 32));
            expect(IllegalArgumentException.class, () -> worker.get(table, 1, -1));
            expect(IndexOutOfBoundsException.class, () -> worker.inc(table, 0, 2, 1L));
            expect(IllegalArgumentException.class, () -> worker.inc(table, 0, 1, 1L << 40));
            expect(IllegalArgumentException.class, () -> worker.inc(table, 0, 1, 0.5));
            expect(IllegalArgumentException.class,
                    () -> worker.inc(table, 0, new int[] {0}, new float[] {1}, 1));
            expect(IndexOutOfBoundsException.class,
                    () -> worker.inc(table, 0, new int[] {0, 2}, new long[] {1, 1}, 2));
            expect(IndexOutOfBoundsException.class,
                    () -> worker.inc(table, 0, new int[] {0}, new long[] {1, 1}, 2));
            worker.clock();
            assertEquals(0, worker.get(table, 0).getInt(0));
            assertEquals(0, worker.get(table, 0).getInt(1));
        });
    }

    private static void expect(final Class<? extends RuntimeException> type, final Runnable call) {
        org.junit.jupiter.api.Assertions.assertThrows(type, call::run);
    }

    @Test
    void refreshedRowsComeWithoutABlockingReadEach() {
        final JobReport report = new LocalCluster(1, 1, 1).run(worker -> {
            final Table table = worker.createTable(
                    new TableSpec("t", 5_000, COLUMNS, ElementType.F32, Consistency.bsp()));
            for (int c = 0; c < 3; c++) {
                for (int row = 0; row < 5_000; row++) {
                    worker.refresh(table, row);
                }
                for (int row = 0; row < 5_000; row++) {
                    assertEquals(c, worker.get(table, row).getFloat(0));
                    worker.inc(table, row, 0, 1.0);
                }
                worker.clock();
            }
        });
        assertEquals(15_000, report.deltaRowsApplied());
        assertTrue(report.bytesSent() < 2_000_000, "requests are batched, got " + report.bytesSent());
    }

}
