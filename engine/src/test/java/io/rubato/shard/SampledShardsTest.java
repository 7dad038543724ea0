package io.rubato.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.TableReadyDecoder;
import io.rubato.testing.Messages;
import io.rubato.testing.PlayedMember;
import io.rubato.testing.Stage;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Two real shards, six clients of one worker each whose parts are played, a pBSP(2) table. */
class SampledShardsTest {
    private static final int CLIENTS = 6;

    private final Stage stage = new Stage();
    private final PlayedMember[] clients = new PlayedMember[CLIENTS];

    /** Or a read of rows of two shards would be held by one gate and let through by the other. */
    @Test
    void everyShardDrawsTheSameSample() {
        stage.coordinator(2, CLIENTS, 1);
        stage.shard(0);
        stage.shard(1);
        for (int c = 0; c < CLIENTS; c++) {
            clients[c] = stage.playClient(c);
        }
        for (final PlayedMember client : clients) {
            stage.await("the start", () -> client.session().isStarted());
        }
        final TableSpec spec = new TableSpec("t", 100, 2, ElementType.I64, Consistency.pbsp(2));
        clients[0].send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, 0, spec)));
        stage.await("the table", () -> !clients[0].take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        // Half of the workers are far ahead, the reader too.
        for (int shard = 0; shard < 2; shard++) {
            for (int c = 0; c < CLIENTS / 2; c++) {
                clients[c].send("shard" + shard, Messages.clockAdvance(Stage.JOB, 1, c, c, 1_000));
            }
        }
        stage.cycles(3);
        final int clocks = 100;
        int open = 0;
        for (int clock = 1; clock <= clocks; clock++) {
            final boolean[] isOpen = new boolean[2];
            for (int shard = 0; shard < 2; shard++) {
                clients[0].send("shard" + shard, Messages.readRequest(Stage.JOB, clock, 0, 0, clock, -1, 7));
            }
            stage.cycles(3);
            for (final UnsafeBuffer message : clients[0].take(RowImagesDecoder.TEMPLATE_ID)) {
                isOpen[new RowImagesDecoder()
                        .wrapAndApplyHeader(message, 0, new MessageHeaderDecoder()).shard()] = true;
            }
            assertEquals(isOpen[0], isOpen[1], "clock " + clock);
            open += isOpen[0] ? 1 : 0;
        }
        // A sample of the two others that are ahead, of five: one in ten.
        assertTrue(open > 0 && open < clocks / 2, open + " of " + clocks);
    }
}
