package io.rubato.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import io.rubato.protocol.sbe.TableReadyDecoder;
import io.rubato.testing.HeapFreeStore;
import io.rubato.testing.Messages;
import io.rubato.testing.PlayedMember;
import io.rubato.testing.Stage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One real shard, two clients of one worker each whose parts are played, a BSP table of 1,000 rows of 2 i64 columns.
 */
class ShardAgentTest {
    private static final int ROWS = 1_000;

    private final Stage stage = new Stage();
    private ShardAgent shard;
    private PlayedMember[] clients;

    @BeforeEach
    void start() {
        stage.coordinator(1, 2, 1);
        shard = stage.shard(0);
        clients = new PlayedMember[] {stage.playClient(0), stage.playClient(1)};
        stage.await("the start", () -> clients[0].session().isStarted() && clients[1].session().isStarted());
        final TableSpec spec = new TableSpec("t", ROWS, 2, ElementType.I64, Consistency.bsp());
        for (int c = 0; c < 2; c++) {
            final PlayedMember client = clients[c];
            client.send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, c, spec)));
            stage.await("the table", () -> !client.take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        }
    }

    private record Status(long applied, long minimumClock, boolean gap) {
    }

    private record Images(long applied, long minimumClock, List<long[]> rows) {
    }

    private void batch(final int client, final long sequence, final byte[]... records) {
        clients[client].send("shard0", Messages.deltaBatch(Stage.JOB, sequence, client, client, 0, records.length,
                Messages.run(records)));
        stage.cycle();
    }

    private void advance(final int client, final long sequence, final long clock) {
        clients[client].send("shard0", Messages.clockAdvance(Stage.JOB, sequence, client, client, clock));
        stage.cycle();
    }

    private void ask(final int client, final long request, final long clock, final int staleness, final int... rows) {
        clients[client].send("shard0",
                Messages.readRequest(Stage.JOB, request, client, 0, clock, staleness, rows));
        stage.cycle();
    }

    private List<Status> statuses(final int client) {
        stage.cycles(2);
        final List<Status> all = new ArrayList<>();
        for (final UnsafeBuffer message : clients[client].take(ShardStatusDecoder.TEMPLATE_ID)) {
            final ShardStatusDecoder status = new ShardStatusDecoder().wrapAndApplyHeader(message, 0,
                    new MessageHeaderDecoder());
            all.add(new Status(status.appliedSequence(), status.minimumClock(), status.gap() == BooleanCode.TRUE));
        }
        return all;
    }

    /** A row of an answer is: id, column 0, column 1. */
    private List<Images> images(final int client) {
        stage.cycles(2);
        final List<Images> all = new ArrayList<>();
        for (final UnsafeBuffer message : clients[client].take(RowImagesDecoder.TEMPLATE_ID)) {
            final RowImagesDecoder decoder = new RowImagesDecoder().wrapAndApplyHeader(message, 0,
                    new MessageHeaderDecoder());
            all.add(new Images(decoder.appliedSequence(), decoder.minimumClock(),
                    Messages.rows(message, decoder.limit() + 4, decoder.rowCount())));
        }
        return all;
    }

    private long[] row(final int row) {
        final HeapFreeStore store = stage.store("t", 0);
        final MemorySegment copy = Arena.ofAuto().allocate(16, 8);
        store.read(row, copy, 0);
        return copy.toArray(ValueLayout.JAVA_LONG);
    }

    @Test
    void denseAndSparseDeltasAreApplied() {
        batch(0, 1, Messages.dense(7, 1, 2), Messages.sparse(7, new int[] {1, 1}, 10, 100),
                Messages.sparse(8, new int[0]));
        assertArrayEquals(new long[] {1, 112}, row(7));
        assertArrayEquals(new long[] {0, 0}, row(8));
        assertEquals(List.of(new Status(1, 0, false)), statuses(0));
        assertEquals(List.of(), statuses(1), "another client's sequence is no news");
    }

    /** To make room for many rows takes longer than a member may be silent. */
    @Test
    void whileATableOpensTheShardGoesOn() {
        final int cycles = 100;
        stage.storesTake(cycles);
        final TableSpec spec = new TableSpec("u", ROWS, 2, ElementType.I64, Consistency.bsp());
        final TableSpec other = new TableSpec("v", ROWS, 2, ElementType.I64, Consistency.bsp());
        clients[0].send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, 0, spec)));
        clients[1].send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, 1, other)));
        stage.cycles(3);
        batch(0, 1, Messages.dense(7, 1, 2));
        assertArrayEquals(new long[] {1, 2}, row(7));
        ask(1, 1, 0, 0, 7);
        assertArrayEquals(new long[] {7, 1, 2}, images(1).getFirst().rows().getFirst());
        stage.pass(2 * Stage.LIVENESS_NS, Stage.LIVENESS_NS / 8);
        assertNull(stage.failure(), "the shard was taken for dead");
        assertNull(stage.store("u", 0));
        assertEquals(List.of(), clients[0].take(TableReadyDecoder.TEMPLATE_ID));
        stage.await("the table", () -> !clients[0].take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        assertNotNull(stage.store("u", 0));
        stage.storesTake(0);
        stage.pass(Stage.LIVENESS_NS, Stage.LIVENESS_NS / 8);
        stage.await("the other table", () -> !clients[1].take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        assertEquals(3, stage.storesBegun(), "one was opened again");
    }

    private void run(final int client, final long sequence, final int count, final long offset, final int length) {
        clients[client].send("shard0",
                Messages.deltaRun(Stage.JOB, sequence, client, client, 0, count, offset, length));
        stage.cycle();
    }

    private MemorySegment share(final int client, final byte[]... records) {
        final byte[] run = Messages.run(records);
        final MemorySegment log = stage.store("t", 0).view(client).createLog(client, run.length);
        return log.copyFrom(MemorySegment.ofArray(run));
    }

    @Test
    void deltasInTheMemoryOfAClientAreAppliedWhereTheyLieButOnce() {
        final MemorySegment first =
                share(0, Messages.dense(7, 1, 2), Messages.dense(8, 3, 4), Messages.dense(7, 10, 20));
        share(1, Messages.dense(9, 100, 200));
        run(0, 1, 2, 24, 48);
        run(1, 1, 1, 0, 24);
        assertArrayEquals(new long[] {10, 20}, row(7));
        assertArrayEquals(new long[] {3, 4}, row(8));
        assertArrayEquals(new long[] {100, 200}, row(9));
        // Acknowledged, so the worker may write there again; what comes late must not be read.
        first.fill((byte) 1);
        run(0, 1, 2, 24, 48);
        assertArrayEquals(new long[] {10, 20}, row(7));
        assertEquals(new Status(1, 0, false), statuses(0).getLast());
        run(0, 3, 2, 24, 48);
        assertEquals(List.of(new Status(1, 0, true)), statuses(0));
    }

    /** Whatever a message says of the place, nothing but whole runs of right records is added. */
    @Test
    void aRunThatIsNotThereIsDropped() {
        final byte[][] records = new byte[8][];
        for (int i = 0; i < records.length; i++) {
            records[i] = Messages.dense(i, 1L << 40 | i, 1L << 41);
        }
        share(0, records);
        final SplittableRandom random = new SplittableRandom(5);
        final long[] expected = new long[records.length];
        long sequence = 1;
        for (int i = 0; i < 5_000; i++) {
            final long offset = random.nextBoolean() ? 24L * random.nextInt(9)
                    : random.nextInt(20) == 0 ? random.nextLong() : random.nextInt(-30, 230);
            final int count = random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(1, 5);
            final int length = random.nextInt(3) == 0 ? random.nextInt(-30, 230)
                    : random.nextInt(20) == 0 ? random.nextInt() : 24 * count;
            run(0, sequence, count, offset, length);
            if (offset >= 0 && offset % 24 == 0 && count > 0 && count <= 8 && length == 24 * count
                    && offset + length <= 8 * 24) {
                sequence++;
                for (int record = (int) offset / 24; record < offset / 24 + count; record++) {
                    expected[record] += 1L << 41;
                }
            }
        }
        for (int i = 0; i < records.length; i++) {
            assertEquals(expected[i], row(i)[1]);
        }
        assertEquals(sequence - 1, statuses(0).getLast().applied());
        assertTrue(sequence > 500, sequence + " messages were right");
    }

    /** Nothing that comes later could be applied. */
    @Test
    void memoryThatTheShardCannotSeeEndsTheJob() {
        run(0, 1, 1, 0, 24);
        stage.pass(TimeUnit.SECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(100));
        assertTrue(stage.failure().contains("worker 0 shares its deltas with a shard that cannot see them"),
                stage.failure());
    }

    @Test
    void aRepetitionIsDroppedAndAcknowledgedAgain() {
        batch(0, 1, Messages.dense(7, 1, 2));
        assertEquals(List.of(new Status(1, 0, false)), statuses(0));
        batch(0, 1, Messages.dense(7, 1, 2));
        assertArrayEquals(new long[] {1, 2}, row(7));
        assertEquals(List.of(new Status(1, 0, false)), statuses(0));
        batch(0, 0, Messages.dense(7, 1, 2));
        batch(0, Long.MIN_VALUE, Messages.dense(7, 1, 2));
        assertArrayEquals(new long[] {1, 2}, row(7));
        advance(0, 1, 5);
        advance(1, 1, 5);
        assertEquals(0, statuses(1).getLast().minimumClock(), "a repeated sequence number moves no clock");
    }

    @Test
    void whatComesAfterAGapIsReportedAndNotApplied() {
        batch(0, 2, Messages.dense(7, 1, 2));
        advance(0, 3, 1);
        advance(1, 1, 1);
        assertArrayEquals(new long[] {0, 0}, row(7));
        assertTrue(statuses(0).stream().allMatch(status -> status.applied() == 0 && status.minimumClock() == 0));
        batch(0, Long.MAX_VALUE, Messages.dense(7, 1, 2));
        assertEquals(List.of(new Status(0, 0, true)), statuses(0));
        batch(0, 1, Messages.dense(7, 10, 20));
        batch(0, 2, Messages.dense(7, 1, 2));
        advance(0, 3, 1);
        assertArrayEquals(new long[] {11, 22}, row(7));
        assertEquals(new Status(3, 1, false), statuses(0).getLast());
    }

    @Test
    void sequencesOfClientsAreApart() {
        batch(0, 1, Messages.dense(7, 1, 1));
        batch(1, 1, Messages.dense(7, 2, 2));
        batch(1, 2, Messages.dense(7, 4, 4));
        batch(0, 2, Messages.dense(7, 8, 8));
        assertArrayEquals(new long[] {15, 15}, row(7));
    }

    @Test
    void aReadWaitsForItsGateAndTellsItsClocks() {
        batch(0, 1, Messages.dense(7, 1, 2));
        ask(0, 1, 1, -1, 7, 9);
        advance(0, 2, 1);
        assertEquals(List.of(), images(0));
        batch(1, 1, Messages.dense(9, 5, 6));
        advance(1, 2, 3);
        final Images answer = images(0).getFirst();
        assertEquals(1, answer.minimumClock());
        assertEquals(2, answer.applied());
        assertArrayEquals(new long[] {7, 1, 2}, answer.rows().get(0));
        assertArrayEquals(new long[] {9, 5, 6}, answer.rows().get(1));
        assertEquals(List.of(), images(0));
    }

    @Test
    void aReadsOwnBoundGoesBeforeTheTables() {
        advance(0, 1, 3);
        ask(0, 1, 3, 3, 1);
        ask(0, 2, 3, 2, 2);
        ask(0, 3, 3, 0, 3);
        ask(0, 4, 3, -1, 4);
        assertEquals(List.of(1L), firstRows(0));
        advance(1, 1, 1);
        assertEquals(List.of(2L), firstRows(0));
        advance(1, 2, 2);
        assertEquals(List.of(), firstRows(0));
        advance(1, 3, Long.MAX_VALUE);
        assertEquals(List.of(3L, 4L), firstRows(0));
    }

    private List<Long> firstRows(final int client) {
        return images(client).stream().map(answer -> answer.rows().getFirst()[0]).toList();
    }

    @Test
    void aRepeatedRequestThatStillWaitsIsAnsweredOnce() {
        ask(0, 9, 1, -1, 7);
        ask(0, 9, 1, -1, 7);
        ask(1, 9, 1, -1, 8);
        ask(0, 9, 1, -1, 7);
        advance(0, 1, 1);
        advance(1, 1, 1);
        assertEquals(List.of(7L), firstRows(0));
        assertEquals(List.of(8L), firstRows(1), "ids of another client are others");
        ask(0, 9, 1, -1, 7);
        assertEquals(List.of(7L), firstRows(0), "an answer may have been lost");
    }

    @Test
    void aLongAnswerComesInSeveralMessages() {
        final int[] rows = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            rows[i] = ROWS - 1 - i;
        }
        ask(0, 1, 0, -1, rows);
        final List<Images> answer = images(0);
        assertTrue(answer.size() > 1);
        final List<long[]> all = answer.stream().flatMap(part -> part.rows().stream()).toList();
        assertEquals(ROWS, all.size());
        for (int i = 0; i < ROWS; i++) {
            assertEquals(rows[i], all.get(i)[0]);
        }
    }

    @Test
    void aClientThatDoesNotPollDelaysOnlyItself() {
        clients[0].deaf(true);
        final int requests = 500;
        for (int i = 0; i < requests; i++) {
            ask(0, i, 0, -1, i);
            batch(0, i + 1, Messages.dense(i, 1, 1));
            ask(1, i, 0, -1, i);
            batch(1, i + 1, Messages.dense(i, 1, 1));
            assertEquals(List.of((long) i), firstRows(1));
        }
        assertArrayEquals(new long[] {2, 2}, row(requests - 1));
        clients[0].deaf(false);
        final List<Long> late = new ArrayList<>();
        stage.await("the late answers", () -> {
            late.addAll(firstRows(0));
            return late.size() >= requests;
        });
        stage.cycles(5);
        late.addAll(firstRows(0));
        assertEquals(requests, late.size());
        for (int i = 0; i < requests; i++) {
            assertEquals(i, late.get(i));
        }
        assertEquals(requests, statuses(0).getLast().applied());
    }

    @Test
    void readsThatCannotBeRightAreNotAnswered() {
        ask(0, 1, 0, -2, 1);
        ask(0, 2, -1, -1, 1);
        ask(0, 3, 0, -1, ROWS);
        ask(0, 4, 0, -1, 1, -1);
        ask(0, 5, 0, -1);
        clients[0].send("shard0", Messages.readRequest(Stage.JOB, 6, 0, 1, 0, -1, 1));
        clients[0].send("shard0", Messages.readRequest(Stage.JOB, 7, 2, 0, 0, -1, 1));
        assertEquals(List.of(), images(0));
        ask(0, 8, 0, -1, 1);
        assertEquals(List.of(1L), firstRows(0));
        assertFalse(shard.outcome() != null);
    }
}
