package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.Consistency.Sampling;
import io.rubato.ElementType;
import io.rubato.Refresh;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.protocol.sbe.ClientSummaryDecoder;
import io.rubato.protocol.sbe.ClockAnswerDecoder;
import io.rubato.protocol.sbe.ClockRequestDecoder;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.PushStatusDecoder;
import io.rubato.protocol.sbe.PushedRowsDecoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

/** What the founding papers promise, feature by feature, with the messages that it takes; docs/papers.md lists all. */
class PapersTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int ROWS = 10;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final Map<Integer, Integer> sent = new HashMap<>();
    private final List<Integer> order = new ArrayList<>();
    private final Stage stage = new Stage(new MemoryNetwork(this::count));
    private final List<ClientAgent> clients = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private Table table;

    private int count(final String from, final String to, final MutableDirectBuffer message) {
        final int template = header.wrap(message, 0).templateId();
        sent.merge(template, 1, Integer::sum);
        order.add(template);
        return 1;
    }

    private int sent(final int template) {
        return sent.getOrDefault(template, 0);
    }

    /** One shard; all workers share this thread, and agents take turns while one of them waits. */
    private void begin(final Consistency consistency, final int processes, final int threads) {
        stage.coordinator(1, processes, threads);
        stage.shard(0);
        for (int i = 0; i < processes; i++) {
            clients.add(stage.client(i, threads));
        }
        for (final ClientAgent client : clients) {
            client.awaitConfig();
            for (int thread = 0; thread < threads; thread++) {
                workers.add(client.worker(thread));
                table = workers.getLast()
                        .createTable(new TableSpec("t", ROWS, 2, ElementType.I64, consistency));
            }
        }
    }

    private void end() {
        for (final ClientAgent client : clients) {
            for (int thread = 0; thread < workers.size() / clients.size(); thread++) {
                client.finished(thread);
            }
        }
        stage.pass(5 * SECOND_NS, SECOND_NS / 10);
        assertNull(stage.failure());
        assertEquals(stage.report().deltaRowsSent(), stage.report().deltaRowsApplied());
    }

    /** 1.7: worker cache, then process cache, then shard. */
    @Test
    void aSecondWorkerOfTheProcessIsServedByItsCache() {
        begin(Consistency.ssp(1), 1, 2);
        workers.get(0).get(table, 3);
        assertEquals(1, sent(ReadRequestDecoder.TEMPLATE_ID));
        workers.get(1).get(table, 3);
        workers.get(0).get(table, 3);
        assertEquals(1, sent(ReadRequestDecoder.TEMPLATE_ID));
        assertEquals(1, clients.getFirst().processCacheRows(table.id()));
        assertEquals(1, clients.getFirst().workerCacheRows(1, table.id()));
        end();
    }

    /** 1.9: deltas of a clock coalesce, and go out at the worker's own clock ("aggressive"), not the slowest's. */
    @Test
    void deltasCoalesceAndGoOutAtTheWorkersOwnClock() {
        begin(Consistency.ssp(1), 1, 2);
        for (int i = 0; i < 100; i++) {
            workers.get(0).inc(table, 3, 0, 1L);
        }
        stage.cycles(5);
        assertEquals(0, sent(DeltaBatchDecoder.TEMPLATE_ID));
        workers.get(0).clock();
        stage.cycles(5);
        assertEquals(1, sent(DeltaBatchDecoder.TEMPLATE_ID));
        end();
        assertEquals(1, stage.report().deltaRowsApplied());
    }

    /** 2.3: a conservative hint asks only for what would be too old, an aggressive one for what is not the newest. */
    @Test
    void refreshIsConservativeOrAggressive() {
        begin(Consistency.ssp(5), 2, 1);
        final Worker reader = workers.get(0);
        reader.get(table, 3);
        workers.get(1).inc(table, 3, 0, 7L);
        workers.get(1).clock();
        reader.clock();
        reader.refresh(table, 3);
        reader.get(table, 4);
        stage.cycles(5);
        assertEquals(2, sent(ReadRequestDecoder.TEMPLATE_ID));
        assertEquals(0, reader.get(table, 3).getLong(0));
        reader.clock();
        reader.refresh(table, 3, Refresh.AGGRESSIVE);
        reader.get(table, 5);
        stage.cycles(5);
        assertEquals(4, sent(ReadRequestDecoder.TEMPLATE_ID));
        assertEquals(7, reader.get(table, 3).getLong(0));
        end();
    }

    /** 3.1, 3.2: when the minimum clock advances, what changed is pushed; a cached row is never asked for again. */
    @Test
    void underEsspChangedRowsArePushedAndCachedOnesNeverAskedForAgain() {
        begin(Consistency.essp(1), 2, 1);
        final Worker reader = workers.get(0);
        final Worker writer = workers.get(1);
        for (int row = 0; row < 3; row++) {
            reader.get(table, row);
        }
        final int asked = sent(ReadRequestDecoder.TEMPLATE_ID);
        for (int c = 1; c <= 10; c++) {
            writer.inc(table, 1, 0, 1L);
            writer.inc(table, 9, 0, 1L);
            writer.clock();
            stage.cycles(5);
            assertEquals(c - 1, sent(PushedRowsDecoder.TEMPLATE_ID), "nothing before the minimum clock advances");
            reader.clock();
            stage.cycles(5);
            assertEquals(c, sent(PushedRowsDecoder.TEMPLATE_ID), "one row has changed that anybody reads");
            assertEquals(c, reader.get(table, 1).getLong(0));
            assertEquals(c, reader.get(table, 2).minimumClock(), "a row without changes is as fresh as one with");
        }
        assertEquals(asked, sent(ReadRequestDecoder.TEMPLATE_ID));
        end();
    }

    /** 3.3: what is pushed holds all that has been applied, also deltas of clocks that the reader has yet to reach. */
    @Test
    void underEsspAReaderMaySeeDeltasAheadOfItsClock() {
        begin(Consistency.essp(3), 2, 1);
        final Worker reader = workers.get(0);
        reader.get(table, 1);
        for (int c = 0; c < 3; c++) {
            workers.get(1).inc(table, 1, 0, 1L);
            workers.get(1).clock();
        }
        reader.clock();
        stage.cycles(10);
        assertEquals(3, reader.get(table, 1).getLong(0));
        assertEquals(1, reader.get(table, 1).minimumClock());
        end();
    }

    /** 3.4: a delta waits while those that some reader cannot see yet would add up to more than v. */
    @Test
    void underVapAWriterWaitsUntilReadersSeeWhatItDid() {
        begin(Consistency.vap(2), 2, 1);
        final Worker reader = workers.get(0);
        final Worker writer = workers.get(1);
        reader.get(table, 1);
        writer.inc(table, 1, 0, 1L);
        writer.inc(table, 1, 0, 1L);
        assertEquals(0, sent(PushStatusDecoder.TEMPLATE_ID));
        writer.inc(table, 1, 1, 2L);
        assertEquals(0, sent(PushStatusDecoder.TEMPLATE_ID), "the bound is one of each element");
        writer.inc(table, 1, 0, -1L);
        assertEquals(0, sent(PushStatusDecoder.TEMPLATE_ID), "the sum counts, 1 + 1 - 1");
        writer.inc(table, 1, 0, 2L);
        assertTrue(sent(PushStatusDecoder.TEMPLATE_ID) > 0, "the reader's client has acknowledged a push");
        assertEquals(1, reader.get(table, 1).getLong(0));
        assertEquals(2, reader.get(table, 1).getLong(1));
        writer.inc(table, 1, 0, 50L);
        assertEquals(3, reader.get(table, 1).getLong(0), "a delta above the bound waits for all before it");
        assertEquals(0.5, Consistency.decayingVap(1).valueBound(3));
        end();
    }

    /** A reader that has seen a part of what another has not seen yet misses the rest of it, not its sum. */
    @Test
    void underVapNoReaderMissesMoreThanTheBoundThoughSignsChange() {
        begin(Consistency.vap(2), 3, 1);
        final Worker writer = workers.get(0);
        final Worker reader = workers.get(1);
        workers.forEach(worker -> worker.get(table, 1));
        stage.cycles(10);
        stage.pause(clients.get(2), true);
        writer.inc(table, 1, 0, 2L);
        writer.clock();
        stage.cycles(10);
        assertEquals(2, reader.get(table, 1).getLong(0));
        writer.inc(table, 1, 0, -1L);
        writer.inc(table, 1, 0, -1L);
        assertThrows(AssertionError.class, () -> writer.inc(table, 1, 0, -1L), "a worker waits in vain");
        assertEquals(2, reader.get(table, 1).getLong(0), "it misses -2 now, the third would be too much");
        stage.pause(clients.get(2), false);
        stage.cycles(50);
        writer.inc(table, 1, 0, -1L);
        assertEquals(0, reader.get(table, 1).getLong(0));
    }

    /** 3.5: clock of the data read minus the reader's clock, per worker and table. */
    @Test
    void staleReadsAreRecordedPerWorkerAndTable() {
        begin(Consistency.ssp(3), 2, 1);
        final Table other = workers.get(0).createTable(new TableSpec("u", 1, 1, ElementType.F32, Consistency.asp()));
        for (int c = 0; c <= 3; c++) {
            workers.get(0).get(table, 1);
            if (c == 2) {
                workers.get(0).get(other, 0);
                workers.get(0).get(other, 0);
            }
            workers.get(0).clock();
        }
        end();
        final var byTable = stage.report().workers().get(0).stalenessByTable();
        assertEquals(new TreeMap<>(Map.of(-3L, 1L, -2L, 1L, -1L, 1L, 0L, 1L)), byTable.get(table.id()));
        assertEquals(new TreeMap<>(Map.of(-2L, 2L)), byTable.get(other.id()));
        assertEquals(3L, stage.report().workers().get(0).stalenessHistogram().get(-2L));
        assertTrue(stage.report().workers().get(1).stalenessHistogram().isEmpty());
    }

    /** 4.3: the reader's client asks the sampled workers' clients, and the shard only then. */
    @Test
    void peersSampleEachOther() {
        begin(Consistency.pbsp(1).with(Sampling.PEERS), 2, 1);
        for (final Worker worker : workers) {
            worker.inc(table, 1, 0, 1L);
            worker.clock();
        }
        order.clear();
        assertEquals(2, workers.get(0).get(table, 1).getLong(0));
        assertEquals(1, sent(ClockRequestDecoder.TEMPLATE_ID));
        assertEquals(1, sent(ClockAnswerDecoder.TEMPLATE_ID));
        assertTrue(order.indexOf(ClockAnswerDecoder.TEMPLATE_ID) < order.indexOf(ReadRequestDecoder.TEMPLATE_ID));
        assertEquals(1, workers.get(0).get(table, 1).minimumClock());
        assertEquals(1, sent(ClockRequestDecoder.TEMPLATE_ID), "once for a clock");
        end();
    }

    /** A hint that must wait for peers stands before the deltas of a worker that has ended: its client is not done. */
    @Test
    void aClientSumsUpWhenItsWorkersCommandsAreCarriedOut() {
        begin(Consistency.pbsp(1).with(Sampling.PEERS), 2, 1);
        workers.get(0).clock();
        workers.get(0).refresh(table, 1);
        workers.get(0).inc(table, 1, 0, 7L);
        clients.get(0).finished(0);
        stage.pass(SECOND_NS, SECOND_NS / 10);
        assertEquals(0, sent(ClientSummaryDecoder.TEMPLATE_ID));
        clients.get(1).finished(0);
        stage.pass(5 * SECOND_NS, SECOND_NS / 10);
        assertNull(stage.failure());
        assertEquals(1, stage.report().deltaRowsApplied());
    }
}
