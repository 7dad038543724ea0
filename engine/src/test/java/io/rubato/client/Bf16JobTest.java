package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.coordinator.JobReport;
import io.rubato.protocol.sbe.ClockAdvanceDecoder;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import io.rubato.testing.HeapFreeStore;
import io.rubato.testing.LocalCluster;
import io.rubato.testing.MemoryNetwork;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole jobs on a table that travels as bf16. Deltas are whole numbers that bf16 cannot hold, with sums that F32 can:
 * what is lost on the way shows at the end, to the bit.
 */
class Bf16JobTest {
    private static final int ROWS = 23;
    private static final int CLOCKS = 20;
    private static final int PER_CLOCK = 3;

    private final Map<Integer, HeapFreeStore> stores = new ConcurrentHashMap<>();

    private static TableSpec spec(final int columns, final Consistency consistency) {
        return new TableSpec("t", ROWS, columns, ElementType.F32, consistency, Encoding.BF16);
    }

    private static int delta(final int worker, final int clock, final int row, final int i) {
        return 1 + (int) (new SplittableRandom(((worker * 1000L + clock) * 1000 + row) * 10 + i).nextLong() >>> 51);
    }

    /** A column of each worker's own; dense, sparse and in place, over and over. */
    private static void add(final Worker worker, final Consistency consistency) {
        final int columns = worker.workers() + 5;
        final Table table = worker.createTable(spec(columns, consistency));
        final int me = worker.index();
        final MemorySegment dense = Arena.ofAuto().allocate(4L * columns, 4);
        final long[] own = new long[ROWS];
        for (int c = 0; c < CLOCKS; c++) {
            for (int i = 0; i < PER_CLOCK; i++) {
                for (int row = 0; row < ROWS; row++) {
                    final int delta = delta(me, c, row, i);
                    own[row] += delta;
                    switch (delta % 3) {
                        case 0 -> worker.inc(table, row, me, (long) delta);
                        case 1 -> {
                            dense.setAtIndex(ValueLayout.JAVA_FLOAT, me, delta);
                            worker.inc(table, row, dense, 0);
                        }
                        default -> {
                            final Row open = worker.edit(table, row);
                            open.setFloat(me, open.getFloat(me) + delta);
                        }
                    }
                    // The image was rounded, and nothing else.
                    assertEquals(own[row], worker.get(table, row).getFloat(me), own[row] / 256.0);
                }
            }
            worker.clock();
        }
    }

    private LocalCluster cluster(final int shards, final int clients, final int threads) {
        return new LocalCluster(shards, clients, threads).stores((_, table, shard, rows, _) -> () -> {
            final HeapFreeStore store = new HeapFreeStore(table.spec(), rows);
            stores.put(shard, store);
            return store;
        });
    }

    private float held(final int shards, final int columns, final int row, final int column) {
        final MemorySegment copy = Arena.ofAuto().allocate(4L * columns, 4);
        stores.get(row % shards).read(row / shards, copy, 0);
        return copy.getAtIndex(ValueLayout.JAVA_FLOAT, column);
    }

    private void checkSums(final int shards, final int workers) {
        for (int row = 0; row < ROWS; row++) {
            for (int worker = 0; worker < workers; worker++) {
                long sum = 0;
                for (int n = 0; n < CLOCKS * PER_CLOCK; n++) {
                    sum += delta(worker, n / PER_CLOCK, row, n % PER_CLOCK);
                }
                assertEquals(sum, held(shards, workers + 5, row, worker), "row " + row + " of worker " + worker);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,1", "3,2,2"})
    void sumsAreExactWhenWorkersHaveEnded(final int shards, final int clients, final int threads) {
        final JobReport report = cluster(shards, clients, threads).run(worker -> add(worker, Consistency.ssp(2)));
        checkSums(shards, clients * threads);
        assertEquals(report.deltaRowsSent(), report.deltaRowsApplied());
        assertEquals(0, report.badMessages());
    }

    @Test
    void pushedRowsAreRoundedToo() {
        cluster(2, 2, 1).run(worker -> add(worker, Consistency.essp(1)));
        checkSums(2, 2);
    }

    @Test
    void theRestOfADeltaWaitsForRoomInAFullLog() {
        cluster(2, 2, 1).bytes(1, 1).run(worker -> add(worker, Consistency.ssp(1)));
        checkSums(2, 2);
    }

    /** Whatever was sent under a number, a repetition has the same bytes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatIsSentAgainIsTheSameToTheBit(final long seed) {
        final Set<Integer> affected = Set.of(DeltaBatchDecoder.TEMPLATE_ID, ClockAdvanceDecoder.TEMPLATE_ID,
                RowImagesDecoder.TEMPLATE_ID, ShardStatusDecoder.TEMPLATE_ID);
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final DeltaBatchDecoder batch = new DeltaBatchDecoder();
        final Map<String, byte[]> sent = new HashMap<>();
        final int[] repetitions = new int[1];
        final Random random = new Random(seed);
        final MemoryNetwork network = new MemoryNetwork((from, to, message) -> {
            final int template = header.wrap(message, 0).templateId();
            if (template == DeltaBatchDecoder.TEMPLATE_ID) {
                final long sequence = batch.wrapAndApplyHeader(message, 0, header).sequence();
                final byte[] before = sent.put(from + to + sequence, bytes(message));
                if (before != null) {
                    repetitions[0]++;
                    assertArrayEquals(before, bytes(message));
                }
            }
            return affected.contains(template) && random.nextInt(20) == 0 ? 0 : 1;
        });
        final long start = System.nanoTime();
        cluster(2, 2, 1).network(network).clock(() -> start + (System.nanoTime() - start) * 100)
                .run(worker -> add(worker, Consistency.ssp(1)));
        checkSums(2, 2);
        assertTrue(repetitions[0] > 0);
    }

    private static byte[] bytes(final MutableDirectBuffer message) {
        final byte[] bytes = new byte[message.capacity()];
        message.getBytes(0, bytes);
        return bytes;
    }

    @Test
    void aDeltaOfFewColumnsTravelsExactly() {
        cluster(1, 1, 1).run(worker -> {
            final Table table = worker.createTable(spec(64, Consistency.bsp()));
            worker.inc(table, 2, 5, 65_537L);
            worker.clock();
            assertEquals(65_536, worker.get(table, 2).getFloat(5), "the image is rounded");
            assertEquals(65_537, held(1, 64, 2, 5), "the delta is not");
        });
    }

    @Test
    void rowsTakeHalfTheRoom() {
        final long[] bytes = new long[2];
        for (final Encoding encoding : Encoding.values()) {
            bytes[encoding.ordinal()] = cluster(1, 1, 1).run(worker -> {
                final Table table = worker.createTable(
                        new TableSpec("t", ROWS, 512, ElementType.F32, Consistency.bsp(), encoding));
                final MemorySegment ones = Arena.ofAuto().allocate(4 * 512, 4);
                for (int i = 0; i < 512; i++) {
                    ones.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
                }
                for (int i = 0; i < 20 * ROWS; i++) {
                    worker.get(table, i % ROWS);
                    worker.inc(table, i % ROWS, ones, 0);
                    if (i % ROWS == ROWS - 1) {
                        worker.clock();
                    }
                }
            }).bytesSent();
        }
        assertTrue(bytes[1] < 0.6 * bytes[0], bytes[1] + " bytes as bf16, " + bytes[0] + " exactly");
    }

    @Test
    void onlyFloatsAndNotUnderAValueBound() {
        for (final ElementType type : new ElementType[] {ElementType.F64, ElementType.I32, ElementType.I64}) {
            assertThrows(IllegalArgumentException.class,
                    () -> new TableSpec("t", 1, 1, type, Consistency.bsp(), Encoding.BF16));
        }
        assertThrows(IllegalArgumentException.class,
                () -> new TableSpec("t", 1, 1, ElementType.F32, Consistency.vap(1), Encoding.BF16));
    }

    @Test
    void aTableHasOneEncoding() {
        new LocalCluster(1, 1, 1).run(worker -> {
            worker.createTable(spec(3, Consistency.bsp()));
            assertThrows(RuntimeException.class,
                    () -> worker.createTable(new TableSpec("t", ROWS, 3, ElementType.F32, Consistency.bsp())));
        });
    }

    /** A worker may end in the middle of a clock; what rounding leaves out of that goes too. */
    @Test
    void whatIsAddedAfterTheLastClockIsExactToo() {
        cluster(2, 1, 1).run(worker -> {
            final Table table = worker.createTable(spec(3, Consistency.ssp(1)));
            final MemorySegment delta = Arena.ofAuto().allocate(12, 4);
            for (int clock = 0; clock < 3; clock++) {
                for (int row = 0; row < ROWS; row++) {
                    for (int column = 0; column < 3; column++) {
                        delta.setAtIndex(ValueLayout.JAVA_FLOAT, column, 257);
                    }
                    worker.inc(table, row, delta, 0);
                }
                if (clock < 2) {
                    worker.clock();
                }
            }
        });
        for (int row = 0; row < ROWS; row++) {
            assertEquals(3 * 257, held(2, 3, row, 2), "row " + row);
        }
    }
}
