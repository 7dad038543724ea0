package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.port.RowView;
import io.rubato.protocol.sbe.ClockAdvanceDecoder;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.DeltaRunDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Stage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client whose delta logs share memory with the job's shards. */
class SharedLogJobTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int ROWS = 40;
    private static final int COLUMNS = 3;
    private static final int ROW_BYTES = 8 * COLUMNS;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final Map<Integer, Integer> sent = new HashMap<>();
    private SplittableRandom faults;
    private final Stage stage = new Stage(new MemoryNetwork((_, _, message) -> copies(message)));
    private final MemorySegment delta = Arena.ofAuto().allocate(ROW_BYTES, 8);
    private final long[] sums = new long[ROWS];
    private ClientAgent client;
    private Worker worker;
    private Table table;

    private int copies(final MutableDirectBuffer message) {
        final int template = header.wrap(message, 0).templateId();
        sent.merge(template, 1, Integer::sum);
        final boolean isAffected = Set.of(DeltaRunDecoder.TEMPLATE_ID, DeltaBatchDecoder.TEMPLATE_ID,
                ClockAdvanceDecoder.TEMPLATE_ID, ShardStatusDecoder.TEMPLATE_ID).contains(template);
        return faults == null || !isAffected ? 1 : faults.nextInt(3);
    }

    private int sent(final int template) {
        return sent.getOrDefault(template, 0);
    }

    private void begin(final int shards) {
        stage.coordinator(shards, 1, 1);
        for (int i = 0; i < shards; i++) {
            stage.shard(i);
        }
        client = stage.client(0, 1);
        client.awaitConfig();
        worker = client.worker(0);
        table = worker.createTable(new TableSpec("t", ROWS, COLUMNS, ElementType.I64, Consistency.ssp(1)));
    }

    private void inc(final int row, final long value) {
        for (int column = 0; column < COLUMNS; column++) {
            delta.setAtIndex(ValueLayout.JAVA_LONG, column, value * (column + 1));
        }
        worker.inc(table, row, delta, 0);
        sums[row] += value;
    }

    private void clocks(final int count) {
        for (int clock = 0; clock < count; clock++) {
            for (int row = 0; row < ROWS; row++) {
                if ((row + clock) % 5 != 0) {
                    inc(row, clock * ROWS + row);
                }
            }
            assertEquals(sums[7], worker.get(table, 7).getLong(0));
            worker.clock();
            stage.cycles(2);
        }
    }

    private void end() {
        faults = null;
        stage.pass(3 * SECOND_NS, SECOND_NS / 10);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                assertEquals(sums[row] * (column + 1), worker.get(table, row, 0).getLong(column), "row " + row);
            }
        }
        client.finished(0);
        stage.pass(5 * SECOND_NS, SECOND_NS / 10);
        assertEquals(null, stage.failure());
        assertEquals(stage.report().deltaRowsSent(), stage.report().deltaRowsApplied());
        assertEquals(0, stage.report().badMessages());
    }

    /** Memory of so many bytes as the rule makes of those that are wanted; 0: none. */
    private void share(final LongUnaryOperator rule) {
        stage.views((_, named, shard, _, _, reader) -> {
            final RowView view = stage.store(named.spec().name(), shard).view(reader);
            return new RowView() {
                @Override
                public long minimumClock() {
                    return view.minimumClock();
                }

                @Override
                public long appliedSequence() {
                    return view.appliedSequence();
                }

                @Override
                public boolean tryRead(final int row, final MemorySegment target, final long offset) {
                    return view.tryRead(row, target, offset);
                }

                @Override
                public long applyingSequence() {
                    return view.applyingSequence();
                }

                @Override
                public MemorySegment createLog(final int of, final long bytes) {
                    final long given = rule.applyAsLong(bytes);
                    return given == 0 ? null : view.createLog(of, given);
                }
            };
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void wholeRowsAreAppliedWhereTheyWereWritten(final int shards) {
        stage.oneMachine();
        begin(shards);
        clocks(30);
        end();
        assertTrue(sent(DeltaRunDecoder.TEMPLATE_ID) >= 30 * shards, sent.toString());
        // Until it is clear in a clock that deltas stream.
        assertEquals(30 * shards, sent(DeltaBatchDecoder.TEMPLATE_ID));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingIsLostOrDoubledWhenMessagesAre(final long seed) {
        share(bytes -> seed % 2 == 0 ? bytes : bytes / 3);
        stage.tick(SECOND_NS / 20);
        begin(2);
        faults = new SplittableRandom(seed);
        for (int part = 0; part < 10; part++) {
            clocks(3);
            stage.pass(2 * SECOND_NS, SECOND_NS / 10);
        }
        end();
        assertTrue(sent(DeltaRunDecoder.TEMPLATE_ID) > 60, sent.toString());
    }

    @Test
    void whatDoesNotFitTheSharedMemoryTravelsInMessages() {
        share(bytes -> bytes / 4);
        begin(1);
        clocks(30);
        end();
        assertTrue(sent(DeltaRunDecoder.TEMPLATE_ID) >= 30, sent.toString());
        assertTrue(sent(DeltaBatchDecoder.TEMPLATE_ID) >= 10, sent.toString());
    }

    @Test
    void withoutSharedMemoryAllTravelInMessages() {
        share(_ -> 0);
        begin(1);
        clocks(10);
        end();
        assertEquals(0, sent(DeltaRunDecoder.TEMPLATE_ID));
    }

    /** A record of single elements is not laid out as it travels. */
    @Test
    void deltasToSingleElementsTravelInMessagesAmongTheOthers() {
        stage.oneMachine();
        begin(1);
        for (int clock = 0; clock < 5 * COLUMNS; clock++) {
            final int column = clock % COLUMNS;
            for (int row = 0; row < ROWS; row++) {
                if (row / 8 % 2 == 0) {
                    inc(row, 3);
                } else {
                    worker.inc(table, row, column, column + 1L);
                    sums[row] += column == 0 ? 1 : 0;
                }
            }
            worker.clock();
            stage.cycles(2);
        }
        end();
        assertTrue(sent(DeltaRunDecoder.TEMPLATE_ID) >= 10, sent.toString());
        assertTrue(sent(DeltaBatchDecoder.TEMPLATE_ID) >= 10, sent.toString());
    }

    /** A worker that reads, or writes little, takes none. */
    @Test
    void memoryIsSharedWhenDeltasStream() {
        final int[] asked = new int[1];
        share(bytes -> {
            asked[0]++;
            return bytes;
        });
        begin(2);
        worker.get(table, 0);
        worker.get(table, 1);
        worker.clock();
        for (int row = 0; row < 16; row += 2) {
            inc(row, 1);
        }
        assertEquals(0, asked[0]);
        inc(16, 1);
        assertEquals(1, asked[0]);
        for (int row = 1; row < ROWS; row += 2) {
            inc(row, 1);
        }
        assertEquals(2, asked[0]);
        end();
    }
}
