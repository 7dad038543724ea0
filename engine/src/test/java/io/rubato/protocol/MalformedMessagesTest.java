package io.rubato.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.JobResult;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.client.ClientAgent;
import io.rubato.port.Outbound;
import io.rubato.protocol.sbe.ClientSummaryDecoder;
import io.rubato.protocol.sbe.LeaveDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardSummaryDecoder;
import io.rubato.protocol.sbe.StopDecoder;
import io.rubato.protocol.sbe.TableReadyDecoder;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Messages;
import io.rubato.testing.Mutation;
import io.rubato.testing.PlayedMember;
import io.rubato.testing.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Spoiled messages of every kind to every agent, after a real admission: nothing is thrown, what is wrong is counted,
 * and the agent goes on.
 */
class MalformedMessagesTest {
    private static final int MESSAGES = 12_000;
    private static final Logger LOG = Logger.getLogger(Inbox.class.getName());
    private static final TableSpec SPEC = new TableSpec("t", 10, 3, ElementType.I64, Consistency.ssp(1));

    private static final TableSpec BF16 =
            new TableSpec("f", 10, 3, ElementType.F32, Consistency.essp(1), Encoding.BF16);

    /** By receiver: every message of a whole job. */
    private static final Map<String, List<UnsafeBuffer>> RECORDED = new HashMap<>();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private long counted;
    private Stage stage = new Stage(new MemoryNetwork(this::count));

    @BeforeAll
    static void record() {
        LOG.setLevel(Level.OFF);
        final Stage stage = new Stage(new MemoryNetwork((from, to, message) -> {
            RECORDED.computeIfAbsent(to, _ -> new ArrayList<>()).add(Messages.copy(message, message.capacity()));
            return 1;
        }));
        stage.coordinator(1, 1, 1);
        stage.shard(0);
        final ClientAgent client = stage.client(0, 1);
        client.awaitConfig();
        final Worker worker = client.worker(0);
        final Table table = worker.createTable(SPEC);
        final Table rounded = worker.createTable(BF16);
        for (int c = 0; c < 6; c++) {
            for (int row = 0; row < 10; row++) {
                worker.refresh(table, row);
            }
            for (int row = 0; row < 10; row++) {
                final Row read = worker.get(table, row);
                worker.inc(table, row, c % 3, read.getLong(1) + 1);
                worker.inc(rounded, row, new int[] {0, 1, 2}, new float[] {1, worker.get(rounded, row).getFloat(0), c},
                        3);
            }
            worker.report(10, 0.5, 10);
            worker.clock();
            stage.pass(400_000_000, 100_000_000);
        }
        worker.conclude(new JobResult("rmse", 1, 2, "model"));
        client.finished(0);
        stage.pass(2_000_000_000, 100_000_000);
        assertNotNull(stage.report());
    }

    @AfterAll
    static void forget() {
        RECORDED.clear();
        LOG.setLevel(null);
    }

    /**
     * Reads the count of bad messages off the summaries; they do not reach the coordinator, so that the job does not
     * end.
     */
    private int count(final String from, final String to, final MutableDirectBuffer message) {
        final int template = message.capacity() < 8 ? 0 : header.wrap(message, 0).templateId();
        if (!from.equals("memory:rogue") && template == ShardSummaryDecoder.TEMPLATE_ID) {
            counted = new ShardSummaryDecoder().wrapAndApplyHeader(message, 0, header).badMessages();
            return 0;
        }
        if (!from.equals("memory:rogue") && template == ClientSummaryDecoder.TEMPLATE_ID) {
            counted = new ClientSummaryDecoder().wrapAndApplyHeader(message, 0, header).badMessages();
            return 0;
        }
        return 1;
    }

    /** Sends spoiled messages; those of one kind, which would end the agent rightly, are left out. */
    private void attack(final String name, final Agent agent, final int farewell, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final Mutation mutation = new Mutation(random);
        final List<UnsafeBuffer> corpus = new ArrayList<>(RECORDED.get("memory:" + name));
        final List<UnsafeBuffer> others = RECORDED.values().stream().flatMap(List::stream).toList();
        final Outbound out = stage.network().open("rogue").connect("memory:" + name);
        final Link link = new Link(out, new Traffic());
        for (int i = 0; i < MESSAGES; i++) {
            final List<UnsafeBuffer> from = random.nextInt(10) == 0 ? others : corpus;
            final UnsafeBuffer message = mutation.spoil(from.get(random.nextInt(from.size())));
            if (message.capacity() < 8 || header.wrap(message, 0).templateId() != farewell) {
                assertTrue(link.send(message, message.capacity()));
                stage.cycle();
            }
        }
        assertTrue(stage.isAlive(agent));
    }

    @Test
    void aShardOutlivesThem() {
        stage.coordinator(1, 1, 1);
        final Agent shard = stage.shard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted());
        client.send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, 0, SPEC)));
        stage.await("the table", () -> !client.take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        client.send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, 0, BF16)));
        stage.await("the table", () -> !client.take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        attack("shard0", shard, StopDecoder.TEMPLATE_ID, 1);
        client.take(RowImagesDecoder.TEMPLATE_ID);
        client.send("shard0", Messages.readRequest(Stage.JOB, 1L << 40, 0, 0, 0, -1, 3));
        stage.await("an answer", () -> !client.take(RowImagesDecoder.TEMPLATE_ID).isEmpty());
        client.send("shard0", Messages.control(new ControlEncoder().finish(Stage.JOB)));
        stage.cycles(2);
        assertTrue(counted > MESSAGES / 4, "counted " + counted);
    }

    @Test
    void aClientOutlivesThem() {
        stage.coordinator(1, 1, 1);
        stage.shard(0);
        final ClientAgent client = stage.client(0, 1);
        client.awaitConfig();
        final Worker worker = client.worker(0);
        final Table table = worker.createTable(SPEC);
        worker.createTable(BF16);
        worker.inc(table, 0, 0, 1L);
        worker.clock();
        attack("client0", client, StopDecoder.TEMPLATE_ID, 2);
        assertEquals(1, worker.workers());
        worker.get(table, 9);
        client.finished(0);
        stage.pass(3_000_000_000L, 100_000_000);
        assertTrue(counted > MESSAGES / 4, "counted " + counted);
    }

    @Test
    void aCoordinatorOutlivesThem() {
        final Agent coordinator = stage.coordinator(1, 1, 1);
        final PlayedMember shard = stage.playShard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> shard.session().isStarted() && client.session().isStarted());
        shard.deaf(true);
        client.deaf(true);
        attack("coordinator", coordinator, LeaveDecoder.TEMPLATE_ID, 3);
    }

    @Test
    void messagesOfAnotherJobOrVersionAreDroppedAndCounted() {
        stage = new Stage();
        stage.coordinator(1, 1, 1);
        stage.shard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted());
        client.send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, 0, SPEC)));
        stage.await("the table", () -> !client.take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        final byte[] rows = Messages.dense(3, 1, 2, 3);
        client.send("shard0", Messages.deltaBatch(Stage.JOB + 1, 1, 0, 0, 0, 1, rows));
        client.send("shard0", Messages.deltaBatch(0, 1, 0, 0, 0, 1, rows));
        final UnsafeBuffer version = Messages.deltaBatch(Stage.JOB, 1, 0, 0, 0, 1, rows);
        version.putShort(6, (short) (MessageHeaderDecoder.SCHEMA_VERSION + 1));
        client.send("shard0", version);
        final UnsafeBuffer schema = Messages.deltaBatch(Stage.JOB, 1, 0, 0, 0, 1, rows);
        schema.putShort(4, (short) 7102);
        client.send("shard0", schema);
        client.send("coordinator", Messages.control(
                new ControlEncoder().failure(Stage.JOB + 1, io.rubato.protocol.sbe.RoleCode.CLIENT, 0, "not ours")));
        stage.cycles(3);
        final ControlEncoder encoder = new ControlEncoder();
        encoder.workerSummary(Stage.JOB).client(0).worker(0).clocks(0).items(0).computeNanos(0).waitNanos(0).rowsRead(0)
                .cacheHits(0).oneSidedReads(0).maxClockGap(0).stalenessCount(0);
        client.send("coordinator", Messages.control(encoder.workerSummaryDone()));
        client.send("coordinator", Messages.control(encoder.clientSummary(Stage.JOB, 0, 0, new Traffic(), 0)));
        stage.await("the end", () -> stage.report() != null || stage.failure() != null);
        assertNull(stage.failure());
        assertEquals(5, stage.report().badMessages());
        assertEquals(0, stage.report().deltaRowsApplied());
    }
}
