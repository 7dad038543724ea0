package io.rubato.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.port.Outbound;
import io.rubato.port.Transport;
import io.rubato.testing.MemoryNetwork;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What streams count as the traffic of who sends. */
class LinkTest {
    private static final int LENGTH = 100;

    private final MemoryNetwork network = new MemoryNetwork();
    private final Transport sender = network.open("sender");
    private final Transport receiver = network.open("receiver");
    private final Traffic traffic = new Traffic();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH]);

    private Link link(final String to) {
        return new Link(sender.connect("memory:" + to), traffic);
    }

    private int fill(final Link link) {
        int taken = 0;
        while (link.send(message, LENGTH)) {
            taken++;
        }
        return taken;
    }

    private void receive() {
        while (receiver.poll((buffer, offset, length) -> {}, Integer.MAX_VALUE) > 0) {
            sender.doWork();
        }
    }

    @Test
    void aStreamThatTakesNothingForAWhileCountsOnce() {
        final Link link = link("receiver");
        final int taken = fill(link);
        assertTrue(taken > 0);
        assertEquals((long) taken * LENGTH, traffic.bytesSent());
        assertFalse(link.send(message, LENGTH));
        assertFalse(link.send(message, LENGTH));
        assertEquals(1, traffic.backPressured());
        receive();
        assertTrue(link.send(message, LENGTH));
        assertEquals(1, traffic.backPressured());
        final int more = fill(link);
        assertEquals(2, traffic.backPressured());
        assertEquals((taken + 1L + more) * LENGTH, traffic.bytesSent());
    }

    @Test
    void streamsOfOneSenderCountTogether() {
        final Link one = link("receiver");
        final Link other = link("receiver");
        final int taken = fill(one) + fill(other);
        assertEquals((long) taken * LENGTH, traffic.bytesSent());
        assertEquals(2, traffic.backPressured());
    }

    @Test
    void whoIsNotThereIsNoBackPressure() {
        final Link link = link("nobody");
        assertFalse(link.send(message, LENGTH));
        assertEquals(0, traffic.backPressured());
        assertEquals(0, traffic.bytesSent());
    }

    @Test
    void whatIsClaimedCountsOnceItIsSent() {
        final Outbound outbound = sender.connect("memory:receiver");
        final Link link = new Link(outbound, traffic);
        assertTrue(link.claim(LENGTH));
        assertEquals(0, traffic.bytesSent());
        outbound.abort();
        assertEquals(0, traffic.bytesSent());
        assertTrue(link.claim(2 * LENGTH));
        link.commit();
        assertEquals(2L * LENGTH, traffic.bytesSent());
    }
}
