package io.rubato.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Traffic;
import io.rubato.protocol.sbe.FinishDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RoleCode;
import io.rubato.protocol.sbe.StopDecoder;
import io.rubato.shard.ShardAgent;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Messages;
import io.rubato.testing.PlayedMember;
import io.rubato.testing.Stage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

/** Who is admitted, who is missed, and whether the books balance; a job of one shard and one client, mostly played. */
class CoordinatorAgentTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final Stage stage = new Stage(new MemoryNetwork(this::count));
    private final ControlEncoder encoder = new ControlEncoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    /** Bytes that the coordinator has sent before the end. */
    private long sentByCoordinator;

    private int count(final String from, final String to, final MutableDirectBuffer message) {
        final boolean isStop = header.wrap(message, 0).templateId() == StopDecoder.TEMPLATE_ID;
        sentByCoordinator += from.equals("memory:coordinator") && !isStop ? message.capacity() : 0;
        return 1;
    }

    /** Of a member that has sent so much, and so often could not. */
    private static Traffic traffic(final int bytesSent, final int backPressured) {
        final Traffic traffic = new Traffic();
        traffic.sent(bytesSent);
        for (int i = 0; i < backPressured; i++) {
            traffic.backPressed();
        }
        return traffic;
    }

    private void expectRefusal(final PlayedMember member, final String why) {
        stage.await("the refusal", () -> member.outcome() != null);
        assertFalse(member.outcome().success());
        assertTrue(member.outcome().reason().startsWith("the coordinator refused admission: ")
                && member.outcome().reason().contains(why), member.outcome().reason());
        assertEquals(0, member.session().job());
    }

    @Test
    void whoDoesNotKnowTheSecretHearsNothing() {
        stage.coordinator(1, 1, 1);
        final PlayedMember stranger =
                stage.play("stranger", RoleCode.CLIENT, 0, 1, "secreT".getBytes(StandardCharsets.US_ASCII));
        final PlayedMember client = stage.playClient(0);
        final PlayedMember shard = stage.playShard(0);
        stage.await("the start without it", () -> client.session().isStarted() && shard.session().isStarted());
        stage.pass(Stage.LIVENESS_NS + SECOND_NS, SECOND_NS / 2);
        assertEquals(
                "the coordinator has been silent for 10 s: it is not there, cannot reach this process, or has another secret",
                stranger.outcome().reason());
        assertNull(stage.failure());
    }

    @Test
    void whoAsksForAPlaceThatDoesNotExistIsRefused() {
        stage.coordinator(1, 1, 1);
        expectRefusal(stage.playShard(1), "there is no shard 1 in a job with 1");
        expectRefusal(stage.playClient(-1), "there is no client -1 in a job with 1");
        assertNull(stage.failure());
    }

    @Test
    void whoAsksForATakenPlaceIsRefusedAndTheFirstStays() {
        stage.coordinator(1, 1, 1);
        final PlayedMember first = stage.playClient(0);
        stage.await("the first", () -> first.session().job() != 0);
        expectRefusal(stage.play("second", RoleCode.CLIENT, 0, 7, Stage.secret()),
                "client 0 (pid 400) has joined already");
        stage.playShard(0);
        stage.await("the start", () -> first.session().isStarted());
    }

    @Test
    void manyStrangersDoNotKeepAMemberOut() {
        final CoordinatorAgent coordinator = stage.coordinator(1, 1, 1);
        for (int i = 0; i < 100; i++) {
            stage.play("stranger" + i, RoleCode.CLIENT, 0, i, new byte[] {1}).doWork();
        }
        final PlayedMember client = stage.playClient(0);
        final PlayedMember shard = stage.playShard(0);
        stage.await("the start", () -> client.session().isStarted() && shard.session().isStarted());
        assertTrue(stage.isAlive(coordinator));
    }

    @Test
    void aMemberThatAnotherCannotReachFailsTheJob() {
        final MemoryNetwork network = new MemoryNetwork();
        network.cut("shard0", "client0");
        final Stage cut = new Stage(network);
        cut.coordinator(1, 1, 1);
        cut.shard(0);
        final PlayedMember client = cut.playClient(0);
        cut.await("the failure", () -> cut.failure() != null);
        assertEquals("shard 0 (pid 100): cannot send to memory:client0: it is cut off", cut.failure());
        cut.await("the end", () -> client.outcome() != null);
    }

    @Test
    void whoCannotBeAnsweredDoesNotDisturb() {
        final MemoryNetwork network = new MemoryNetwork();
        network.cut("coordinator", "lost");
        final Stage cut = new Stage(network);
        final CoordinatorAgent coordinator = cut.coordinator(1, 1, 1);
        cut.play("lost", RoleCode.CLIENT, 0, 1, Stage.secret()).doWork();
        final PlayedMember client = cut.playClient(0);
        cut.playShard(0);
        cut.await("the start", () -> client.session().isStarted());
        assertTrue(cut.isAlive(coordinator));
    }

    @Test
    void aSilentMemberFailsTheJobByName() {
        final CoordinatorAgent coordinator = stage.coordinator(1, 1, 1);
        final ShardAgent shard = stage.shard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted());
        stage.pass(3 * Stage.LIVENESS_NS, SECOND_NS / 2);
        assertNull(stage.failure());
        stage.pause(shard, true);
        stage.pass(Stage.LIVENESS_NS - 2 * SECOND_NS, SECOND_NS / 2);
        assertNull(stage.failure());
        stage.pass(5 * SECOND_NS, SECOND_NS / 2);
        assertTrue(stage.failure().startsWith("shard 0 (pid 100) has been silent for 10 s"), stage.failure());
        assertEquals(stage.failure(), client.outcome().reason());
        stage.await("the coordinator's end", () -> {
            stage.pass(SECOND_NS, SECOND_NS / 2);
            return !stage.isAlive(coordinator);
        });
        assertFalse(coordinator.outcome().success());
    }

    @Test
    void aMemberThatNeverStartedIsMissedToo() {
        stage.coordinator(1, 1, 1);
        final PlayedMember client = stage.playClient(0);
        stage.await("the admission", () -> client.session().job() != 0);
        client.deaf(true);
        stage.pass(Stage.LIVENESS_NS + 2 * SECOND_NS, SECOND_NS / 2);
        assertTrue(stage.failure().startsWith("client 0 (pid 400) has been silent"), stage.failure());
    }

    @Test
    void aSilentCoordinatorEndsTheMembers() {
        final CoordinatorAgent coordinator = stage.coordinator(1, 1, 1);
        final ShardAgent shard = stage.shard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted());
        stage.pass(3 * Stage.LIVENESS_NS, SECOND_NS / 2);
        assertNull(shard.outcome());
        stage.pause(coordinator, true);
        stage.pass(Stage.LIVENESS_NS + SECOND_NS, SECOND_NS / 2);
        assertFalse(shard.outcome().success());
        assertTrue(shard.outcome().reason().startsWith("the coordinator has been silent for 10 s"),
                shard.outcome().reason());
        assertEquals(shard.outcome().reason(), client.outcome().reason());
        assertFalse(stage.isAlive(shard));
    }

    @Test
    void whoLeavesEarlyFailsTheJob() {
        stage.coordinator(1, 1, 1);
        stage.shard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted());
        client.send("coordinator", Messages.control(encoder.leave(Stage.JOB, RoleCode.CLIENT, 0)));
        stage.await("the failure", () -> stage.failure() != null);
        assertEquals("client 0 (pid 400) left before the job was done", stage.failure());
    }

    @Test
    void aFailureIsToldToEveryone() {
        stage.coordinator(1, 1, 1);
        final ShardAgent shard = stage.shard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted());
        client.send("coordinator",
                Messages.control(encoder.failure(Stage.JOB, RoleCode.CLIENT, 0, "worker 0 failed: out of luck")));
        stage.await("the end", () -> shard.outcome() != null && client.outcome() != null);
        assertEquals("client 0 (pid 400): worker 0 failed: out of luck", stage.failure());
        assertEquals(stage.failure(), shard.outcome().reason());
        assertEquals(stage.failure(), client.outcome().reason());
    }

    private void sumUp(final PlayedMember client, final long deltaRowsSent) {
        encoder.workerSummary(Stage.JOB).client(0).worker(0).clocks(3).items(4).computeNanos(5 * SECOND_NS)
                .waitNanos(SECOND_NS).rowsRead(7).cacheHits(6).oneSidedReads(5).maxClockGap(6).stalenessCount(1).next()
                .lag(2).reads(7);
        client.send("coordinator", Messages.control(encoder.workerSummaryDone()));
        client.send("coordinator",
                Messages.control(encoder.clientSummary(Stage.JOB, 0, deltaRowsSent, traffic(100, 7), 0)));
    }

    @Test
    void booksThatDoNotBalanceFailTheJob() {
        stage.coordinator(1, 1, 1);
        stage.shard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted());
        sumUp(client, 5);
        stage.await("the end", () -> client.outcome() != null);
        assertNull(stage.report());
        assertEquals("the books do not balance: clients sent 5 row deltas, shards applied 0", stage.failure());
        assertEquals(stage.failure(), client.outcome().reason());
    }

    @Test
    void deltasThatNobodySentFailTheJobToo() {
        stage.coordinator(1, 1, 1);
        final PlayedMember shard = stage.playShard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted() && shard.session().isStarted());
        sumUp(client, 5);
        stage.await("the question", () -> !shard.take(FinishDecoder.TEMPLATE_ID).isEmpty());
        shard.send("coordinator", Messages.control(encoder.shardSummary(Stage.JOB, 0, 6, 0, traffic(0, 0), 0, 0, 0)));
        stage.await("the end", () -> client.outcome() != null);
        assertEquals("the books do not balance: clients sent 5 row deltas, shards applied 6", stage.failure());
    }

    @Test
    void summariesThatComeTwiceCountOnce() {
        stage.coordinator(1, 1, 1);
        final PlayedMember shard = stage.playShard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted() && shard.session().isStarted());
        shard.send("coordinator", Messages.control(encoder.shardSummary(Stage.JOB, 0, 5, 5, traffic(1, 1), 0, 0, 0)));
        stage.cycles(3);
        assertNull(stage.report(), "a shard cannot sum up before the clients have");
        sumUp(client, 4);
        sumUp(client, 5);
        stage.await("the question", () -> !shard.take(FinishDecoder.TEMPLATE_ID).isEmpty());
        assertNull(stage.report());
        shard.send("coordinator",
                Messages.control(encoder.shardSummary(Stage.JOB, 0, 5, 4, traffic(1_000, 8), 2, 3, 4)));
        stage.await("the end", () -> shard.outcome() != null && client.outcome() != null);
        assertNotNull(stage.report());
        assertTrue(shard.outcome().success() && client.outcome().success());
        assertEquals(5, stage.report().deltaRowsSent());
        assertEquals(4, stage.report().oneSidedDeltas());
        assertEquals(1_100 + sentByCoordinator, stage.report().bytesSent());
        assertEquals(15, stage.report().backPressured());
        assertEquals(2, stage.report().duplicates());
        assertEquals(6, stage.report().maxClockGap());
        assertEquals(3 + 1, stage.report().badMessages());
        assertEquals(7, stage.report().workers().getFirst().stalenessHistogram().get(-2L));
        assertEquals(2, stage.report().members().size());
    }
}
