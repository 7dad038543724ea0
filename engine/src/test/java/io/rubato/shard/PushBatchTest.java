package io.rubato.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.PushMarkDecoder;
import io.rubato.protocol.sbe.PushedRowsDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.TableReadyDecoder;
import io.rubato.testing.Messages;
import io.rubato.testing.PlayedMember;
import io.rubato.testing.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** One real shard, three clients of one worker each whose parts are played, an ESSP(0) table of i64. */
class PushBatchTest {
    private static final int CLIENTS = 3;

    private final Stage stage = new Stage();
    private final PlayedMember[] clients = new PlayedMember[CLIENTS];
    private final long[] sequences = new long[CLIENTS];

    private void start(final int columns) {
        stage.coordinator(1, CLIENTS, 1);
        stage.shard(0);
        for (int c = 0; c < CLIENTS; c++) {
            clients[c] = stage.playClient(c);
        }
        for (final PlayedMember client : clients) {
            stage.await("the start", () -> client.session().isStarted());
        }
        final TableSpec spec = new TableSpec("t", 100, columns, ElementType.I64, Consistency.essp(0));
        for (int c = 0; c < CLIENTS; c++) {
            final PlayedMember client = clients[c];
            client.send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, c, spec)));
            stage.await("the table", () -> !client.take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        }
    }

    private void read(final int client, final int... rows) {
        clients[client].send("shard0", Messages.readRequest(Stage.JOB, 1, client, 0, 0, 0, rows));
        stage.await("the answer", () -> !clients[client].take(RowImagesDecoder.TEMPLATE_ID).isEmpty());
    }

    private void add(final int client, final byte[]... records) {
        clients[client].send("shard0", Messages.deltaBatch(Stage.JOB, ++sequences[client], client, client, 0,
                records.length, Messages.run(records)));
        stage.cycle();
    }

    private void advance(final long clock) {
        for (int c = 0; c < CLIENTS; c++) {
            clients[c].send("shard0", Messages.clockAdvance(Stage.JOB, ++sequences[c], c, c, clock));
        }
        stage.cycles(3);
    }

    /** The rows of what was pushed since the last call: id, column 0, column 1. */
    private List<long[]> pushed(final int client) {
        final List<long[]> rows = new ArrayList<>();
        for (final UnsafeBuffer message : clients[client].take(PushedRowsDecoder.TEMPLATE_ID)) {
            final PushedRowsDecoder decoder =
                    new PushedRowsDecoder().wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
            assertEquals(sequences[client], decoder.appliedSequence(), "the reader's own deltas");
            rows.addAll(Messages.rows(message, decoder.limit() + 4, decoder.rowCount()));
        }
        return rows;
    }

    private int reads() {
        return stage.store("t", 0).reads();
    }

    private static void assertRows(final List<long[]> found, final long[]... expected) {
        assertArrayEquals(expected, found.toArray(long[][]::new));
    }

    @Test
    void whatManyReadIsReadOnce() {
        start(2);
        for (int c = 0; c < CLIENTS; c++) {
            read(c, 1, 2, 3);
        }
        final int before = reads();
        add(0, Messages.dense(1, 10, 11), Messages.dense(2, 20, 21));
        add(1, Messages.dense(3, 30, 31));
        advance(1);
        for (int c = 0; c < CLIENTS; c++) {
            assertRows(pushed(c), new long[] {1, 10, 11}, new long[] {2, 20, 21}, new long[] {3, 30, 31});
        }
        assertEquals(before + 3, reads());
    }

    @Test
    void whoReadsOtherRowsGetsThose() {
        start(2);
        read(0, 1, 2);
        read(1, 1, 3);
        read(2, 1);
        add(2, Messages.dense(1, 10, 11), Messages.dense(2, 20, 21), Messages.dense(3, 30, 31));
        advance(1);
        assertRows(pushed(0), new long[] {1, 10, 11}, new long[] {2, 20, 21});
        assertRows(pushed(1), new long[] {1, 10, 11}, new long[] {3, 30, 31});
        assertRows(pushed(2), new long[] {1, 10, 11});
    }

    @Test
    void aChangeEndsWhatIsShared() {
        start(2);
        read(0, 1);
        read(1, 1);
        add(0, Messages.dense(1, 10, 11));
        advance(1);
        assertRows(pushed(0), new long[] {1, 10, 11});
        assertRows(pushed(1), new long[] {1, 10, 11});
        add(1, Messages.dense(1, 5, 5));
        advance(2);
        assertRows(pushed(0), new long[] {1, 15, 16});
        assertRows(pushed(1), new long[] {1, 15, 16});
    }

    @Test
    void whatIsSentAgainIsAsItIsThen() {
        start(2);
        read(0, 1);
        read(1, 1);
        add(0, Messages.dense(1, 10, 11));
        advance(1);
        pushed(0);
        pushed(1);
        add(1, Messages.dense(1, 5, 5));
        // Nobody acknowledges: after a while the message of before comes again.
        stage.pass(TimeUnit.SECONDS.toNanos(2), TimeUnit.MILLISECONDS.toNanos(50));
        assertArrayEquals(new long[] {1, 15, 16}, pushed(0).getFirst());
        assertArrayEquals(new long[] {1, 15, 16}, pushed(1).getFirst());
    }

    @Test
    void rowsLongerThanAClaimAreNotShared() {
        start(2_000);
        for (int c = 0; c < CLIENTS; c++) {
            read(c, 1);
        }
        for (int clock = 1; clock <= 2; clock++) {
            add(0, Messages.sparse(1, new int[] {0, 1_999}, 10, 11));
            advance(clock);
            for (int c = 0; c < CLIENTS; c++) {
                final UnsafeBuffer message = clients[c].take(PushedRowsDecoder.TEMPLATE_ID).getFirst();
                final PushedRowsDecoder decoder =
                        new PushedRowsDecoder().wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
                assertEquals(10 * clock, message.getLong(decoder.limit() + 12));
                assertEquals(11 * clock, message.getLong(message.capacity() - 8));
            }
        }
    }

    /** A client takes pushes in and acknowledges none: the stream stops, and begins anew with the first. */
    @Test
    void theWindowOfUnacknowledgedPushesIsBounded() {
        start(2);
        read(0, 1, 2);
        add(1, Messages.dense(2, 5, 5));
        int messages = 0;
        for (int clock = 1; clock <= 600; clock++) {
            add(1, Messages.dense(1, 1, 1));
            advance(clock);
            messages += clients[0].take(PushedRowsDecoder.TEMPLATE_ID).size()
                    + clients[0].take(PushMarkDecoder.TEMPLATE_ID).size();
        }
        assertEquals(1 << 10, messages);
        stage.pass(TimeUnit.SECONDS.toNanos(2), TimeUnit.MILLISECONDS.toNanos(50));
        final UnsafeBuffer again = clients[0].take(PushedRowsDecoder.TEMPLATE_ID).getFirst();
        final PushedRowsDecoder decoder =
                new PushedRowsDecoder().wrapAndApplyHeader(again, 0, new MessageHeaderDecoder());
        assertEquals(1, decoder.sequence());
        assertRows(Messages.rows(again, decoder.limit() + 4, decoder.rowCount()), new long[] {2, 5, 5},
                new long[] {1, 600, 600});
    }
}
