package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.JobStoppedException;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.coordinator.ClockProgress;
import io.rubato.coordinator.CoordinatorAgent;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.sbe.ClockAdvanceDecoder;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.OpenTableDecoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Messages;
import io.rubato.testing.PlayedMember;
import io.rubato.testing.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

/**
 * One client of one worker, whose thread is the test's, and one shard. What is lost on the network is up to the test,
 * by template.
 */
class ClientAgentTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int ROWS = 20;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ClockAdvanceDecoder clockAdvance = new ClockAdvanceDecoder();
    private final ReadRequestDecoder readRequest = new ReadRequestDecoder();
    private final List<Long> clockSequences = new ArrayList<>();
    private final List<Long> requests = new ArrayList<>();
    private IntPredicate isLost = _ -> false;
    private final Stage stage = new Stage(new MemoryNetwork(this::copies));
    private ClientAgent client;
    private Worker worker;
    private Table table;

    private int copies(final String from, final String to, final MutableDirectBuffer message) {
        header.wrap(message, 0);
        final int template = header.templateId();
        if (template == ClockAdvanceDecoder.TEMPLATE_ID) {
            clockSequences.add(clockAdvance.wrapAndApplyHeader(message, 0, header).sequence());
        } else if (template == ReadRequestDecoder.TEMPLATE_ID) {
            requests.add(readRequest.wrapAndApplyHeader(message, 0, header).request());
        }
        return isLost.test(template) ? 0 : 1;
    }

    private CoordinatorAgent begin(final Consistency consistency) {
        final CoordinatorAgent coordinator = stage.coordinator(1, 1, 1);
        stage.shard(0);
        client = stage.client(0, 1);
        assertEquals("the configuration", client.awaitConfig());
        worker = client.worker(0);
        table = worker.createTable(new TableSpec("t", ROWS, 2, ElementType.I64, consistency));
        return coordinator;
    }

    private void end() {
        client.finished(0);
        stage.pass(5 * SECOND_NS, SECOND_NS / 10);
        assertEquals(null, stage.failure());
        assertEquals(stage.report().deltaRowsSent(), stage.report().deltaRowsApplied());
        assertEquals(0, stage.report().badMessages());
    }

    /** Loses the n-th of these messages, from 1. */
    private void lose(final int template, final int which) {
        final int[] seen = new int[1];
        isLost = candidate -> candidate == template && ++seen[0] == which;
    }

    /**
     * The process cache keeps an image from before a delta that is applied, acknowledged and freed: it must not serve.
     */
    @Test
    void anOwnDeltaThatWasFreedIsNotHiddenByAnOlderImage() {
        stage.bytes(1, 1 << 20, 1 << 20);
        begin(Consistency.ssp(9));
        assertEquals(0, worker.get(table, 3).getLong(0));
        worker.inc(table, 3, 0, 5L);
        worker.clock();
        stage.cycles(5);
        worker.clock();
        assertEquals(0, worker.get(table, 4).getLong(0));
        assertEquals(5, worker.get(table, 3).getLong(0));
        end();
    }

    @Test
    void whatGotLostIsSentAgainAtOnceAfterAGap() {
        begin(Consistency.bsp());
        lose(DeltaBatchDecoder.TEMPLATE_ID, 2);
        for (int c = 0; c < 5; c++) {
            worker.inc(table, c, 0, 1L);
            worker.inc(table, 9, 0, 1L);
            worker.clock();
            stage.cycle();
        }
        assertEquals(5, worker.get(table, 9).getLong(0));
        assertEquals(1, worker.get(table, 1).getLong(0));
        end();
        assertEquals(10, stage.report().deltaRowsApplied());
    }

    /**
     * Nobody takes reports up while the worker goes on: each clock's held-out data is told of that clock all the same.
     */
    @Test
    void whatIsReportedOfHeldOutDataStaysWithItsClock() {
        begin(Consistency.asp());
        final int clocks = 1_000;
        for (int c = 0; c < clocks; c++) {
            worker.report(1, c, 1);
            worker.reportTest(2 * c, 1);
            worker.clock();
        }
        worker.report(5, 0, 5);
        end();
        final List<ClockProgress> progress = stage.report().objective();
        for (int c = 0; c < clocks; c++) {
            assertEquals(c, progress.get(c).objective());
            assertEquals(2 * c, progress.get(c).test());
        }
        assertEquals(clocks + 5, stage.report().itemsPerSecond() * stage.report().trainSeconds(), 1e-6);
    }

    @Test
    void theLastMessagesAreSentAgainAfterAWhile() {
        begin(Consistency.bsp());
        isLost = template -> template == DeltaBatchDecoder.TEMPLATE_ID || template == ClockAdvanceDecoder.TEMPLATE_ID;
        worker.inc(table, 9, 0, 7L);
        worker.clock();
        stage.cycles(10);
        isLost = _ -> false;
        stage.cycles(10);
        assertEquals(List.of(2L), clockSequences);
        stage.pass(SECOND_NS, SECOND_NS / 4);
        assertEquals(List.of(2L, 2L), clockSequences);
        assertEquals(7, worker.get(table, 9).getLong(0));
        end();
    }

    @Test
    void aLostAcknowledgementIsRepeated() {
        begin(Consistency.bsp());
        isLost = template -> template == ShardStatusDecoder.TEMPLATE_ID;
        worker.inc(table, 9, 0, 7L);
        worker.clock();
        client.finished(0);
        stage.pass(3 * SECOND_NS, SECOND_NS / 4);
        assertEquals(null, stage.report());
        isLost = _ -> false;
        stage.pass(3 * SECOND_NS, SECOND_NS / 4);
        assertEquals(1, stage.report().deltaRowsApplied());
        assertTrue(stage.report().duplicates() >= 3);
    }

    @Test
    void aLostReadOrAnswerIsAskedForAgainUnderTheSameId() {
        stage.tick(SECOND_NS / 100);
        begin(Consistency.bsp());
        lose(ReadRequestDecoder.TEMPLATE_ID, 1);
        worker.get(table, 1);
        lose(RowImagesDecoder.TEMPLATE_ID, 1);
        worker.get(table, 2);
        assertEquals(List.of(1L, 1L, 2L, 2L), requests);
        end();
    }

    @Test
    void aLostRefreshIsAskedForAgainToo() {
        stage.tick(SECOND_NS / 100);
        begin(Consistency.bsp());
        lose(RowImagesDecoder.TEMPLATE_ID, 1);
        for (int row = 0; row < ROWS; row++) {
            worker.refresh(table, row);
        }
        for (int row = 0; row < ROWS; row++) {
            worker.get(table, row);
        }
        assertEquals(List.of(1L, 1L), requests);
        end();
    }

    /** The client remembers 16,384 messages; it sends no further one before the first is acknowledged, and then all. */
    @Test
    void theWindowOfUnacknowledgedMessagesIsBounded() {
        begin(Consistency.bsp());
        isLost = template -> template == ClockAdvanceDecoder.TEMPLATE_ID;
        for (int c = 0; c < 20_000; c++) {
            worker.clock();
        }
        stage.cycles(500);
        assertEquals(1 << 14, clockSequences.size());
        assertEquals(1L << 14, clockSequences.getLast());
        isLost = _ -> false;
        stage.tick(SECOND_NS / 10);
        assertEquals(20_000, worker.get(table, 0).minimumClock());
        end();
    }

    /** Nobody takes commands before the worker waits: for one turn, until there is room, and that is counted. */
    @Test
    void aWaitForRoomInTheQueueOfCommandsIsCounted() {
        begin(Consistency.asp());
        stage.tick(SECOND_NS / 10);
        final int bytesOfClock = 16;
        for (int c = 0; c <= ClientMemory.DEFAULT_COMMAND_BYTES / bytesOfClock; c++) {
            worker.clock();
        }
        stage.cycles(3_000);
        end();
        assertEquals(0.1, stage.report().workers().getFirst().waitSeconds(), 1e-9);
    }

    @Test
    void whatWasNeverSentIsNotAcknowledged() {
        stage.bytes(1, 1, 1 << 20);
        stage.coordinator(1, 1, 1);
        final PlayedMember shard = stage.playShard(0);
        client = stage.client(0, 1);
        client.awaitConfig();
        worker = client.worker(0);
        final TableSpec spec = new TableSpec("t", ROWS, 1, ElementType.I64, Consistency.bsp());
        stage.await("the start", () -> shard.session().isStarted());
        client.create(spec);
        stage.await("the table", () -> !shard.take(OpenTableDecoder.TEMPLATE_ID).isEmpty());
        shard.send("coordinator", Messages.control(new ControlEncoder().tableOpened(Stage.JOB, 0, 0, "")));
        table = worker.createTable(spec);
        shard.send("client0", Messages.shardStatus(Stage.JOB, 0, 0, 1, false));
        shard.send("client0", Messages.shardStatus(Stage.JOB, 0, 0, -1, false));
        shard.send("client0", Messages.rowImages(Stage.JOB, 0, 0, 5, 1, 1, 1, Messages.dense(3, 77)));
        shard.send("client0", Messages.rowImages(Stage.JOB, 0, 0, 5, 0, 1, 1, Messages.sparse(4, new int[] {0}, 77)));
        shard.send("client0", Messages.rowImages(Stage.JOB, 0, 0, 5, 0, 1, 1, Messages.dense(ROWS, 77)));
        stage.cycles(3);
        assertEquals(0, client.shard(0).acknowledged());
        assertEquals(0, client.processCacheRows(0));
        shard.send("client0", Messages.rowImages(Stage.JOB, 0, 0, 5, 0, 1, 1, Messages.dense(3, 78)));
        assertEquals(78, worker.get(table, 3).getLong(0));
    }

    @Test
    void aWaitingWorkerLearnsThatTheCoordinatorIsGone() {
        final CoordinatorAgent coordinator = begin(Consistency.bsp());
        isLost = template -> template == RowImagesDecoder.TEMPLATE_ID;
        stage.pause(coordinator, true);
        stage.tick(SECOND_NS / 100);
        final String reason = assertThrows(JobStoppedException.class, () -> worker.get(table, 0)).getMessage();
        assertTrue(reason.contains("the coordinator has been silent"), reason);
        assertFalse(client.outcome().success());
        assertThrows(JobStoppedException.class, () -> worker.get(table, 1));
    }

    @Test
    void anotherNumberOfWorkersThanExpectedEndsTheJob() {
        stage.coordinator(1, 1, 2);
        stage.shard(0);
        client = stage.client(0, 1);
        assertThrows(JobStoppedException.class, () -> client.awaitConfig());
        stage.await("the failure", () -> stage.failure() != null);
        assertTrue(stage.failure().contains("client 0 has 1 workers, but the coordinator expects 2"), stage.failure());
    }
}
