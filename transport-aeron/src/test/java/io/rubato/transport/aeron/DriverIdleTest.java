package io.rubato.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DriverIdleTest {
    private final Counting local = new Counting();
    private final Counting network = new Counting();

    /** Counts how often it is asked. */
    private static final class Counting implements IdleStrategy {
        private final AtomicInteger idles = new AtomicInteger();

        @Override
        public void idle(final int workCount) {
            if (workCount == 0) {
                idle();
            }
        }

        @Override
        public void idle() {
            idles.incrementAndGet();
            Thread.yield();
        }

        @Override
        public void reset() {
            // Nothing to forget.
        }

        int count() {
            return idles.get();
        }
    }

    private Driver launch(final Path directory) {
        return Driver.launch(
                new DriverContext().directory(directory).networkIdleStrategy(network).localIdleStrategy(local));
    }

    private static void exchange(final AeronTransport from, final AeronTransport to) {
        final Outbound out = from.connect(to.localAddress());
        while (out.tryClaim(8) != SendStatus.CLAIMED) {
            from.doWork();
            to.doWork();
        }
        out.buffer().putLong(out.offset(), 1);
        out.commit();
        while (to.poll((buffer, offset, length) -> {}, 1) == 0) {
            from.doWork();
            to.doWork();
        }
    }

    @Test
    void aDriverWithoutANetworkWaitsInItsOwnWay() throws IOException {
        final Path directory = TestDriver.directory();
        try (Driver _ = launch(directory);
                AeronTransport from = AeronTransport.open(new AeronContext().directory(directory).ipc(1));
                AeronTransport to = AeronTransport.open(new AeronContext().directory(directory).ipc(2))) {
            exchange(from, to);
            final int before = local.count();
            while (local.count() < before + 100) {
                Thread.onSpinWait();
            }
            assertEquals(0, network.count());
        }
    }

    @Test
    void onceMessagesCrossANetworkItWaitsInTheOther() throws IOException {
        final Path directory = TestDriver.directory();
        try (Driver _ = launch(directory);
                AeronTransport from = AeronTransport.open(new AeronContext().directory(directory).udp("127.0.0.1", 0));
                AeronTransport to = AeronTransport.open(new AeronContext().directory(directory).udp("127.0.0.1", 0))) {
            exchange(from, to);
            while (network.count() < 100) {
                Thread.onSpinWait();
            }
            final int before = local.count();
            assertTrue(before > 0, "it never waited before");
            final int then = network.count();
            while (network.count() < then + 100) {
                Thread.onSpinWait();
            }
            assertEquals(before, local.count());
        }
    }
}
