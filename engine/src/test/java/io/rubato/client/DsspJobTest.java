package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.protocol.sbe.ClockAdvanceDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Stage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** DSSP from end to end: a worker begins with the least bound, waits raise it, calm clocks lower it. */
class DsspJobTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private boolean losesClocks;
    private final Stage stage = new Stage(new MemoryNetwork((_, _, message) -> losesClocks
            && header.wrap(message, 0).templateId() == ClockAdvanceDecoder.TEMPLATE_ID ? 0 : 1));
    private Worker fast;
    private Worker slow;
    private Table table;

    private void begin(final Consistency consistency) {
        stage.tick(MS);
        stage.coordinator(1, 2, 1);
        stage.shard(0);
        final ClientAgent first = stage.client(0, 1);
        final ClientAgent second = stage.client(1, 1);
        first.awaitConfig();
        second.awaitConfig();
        fast = first.worker(0);
        slow = second.worker(0);
        final TableSpec spec = new TableSpec("t", 4, 1, ElementType.I64, consistency);
        table = fast.createTable(spec);
        slow.createTable(spec);
    }

    /** The other's clock reaches the shard only when it is sent again, a second later. */
    private void clockLate(final Worker worker) {
        losesClocks = true;
        worker.clock();
        stage.cycles(3);
        losesClocks = false;
    }

    private void bothClock() {
        fast.clock();
        slow.clock();
        stage.cycles(5);
        stage.pass(100 * MS, 100 * MS);
    }

    @Test
    void theBoundFollowsTheWaits() {
        begin(Consistency.dssp(0, 1));
        fast.get(table, 0);
        // What it took to fetch the row is hardly noticed.
        stage.pass(1_000 * MS, 100 * MS);
        fast.clock();
        stage.cycles(5);
        clockLate(slow);
        // s = 0: it waits until the other is at clock 1.
        assertEquals(1, fast.get(table, 0).minimumClock());
        fast.clock();
        stage.cycles(5);
        // s = 1, since it has waited.
        assertEquals(1, fast.get(table, 0).minimumClock());
        slow.clock();
        // Of the clock that ends first it has noticed the wait for the row; in four more it waits for nothing.
        for (int clock = 0; clock < 5; clock++) {
            bothClock();
        }
        fast.clock();
        // s = 0 again.
        final AssertionError wait = assertThrows(AssertionError.class, () -> fast.get(table, 0));
        assertEquals("a worker waits in vain", wait.getMessage());
        assertTrue(stage.waiting().contains("worker 1"), stage.waiting());
    }
}
