package io.rubato.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.rubato.port.MessageHandler;
import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the contract leaves to the implementation. */
class AeronTransportTest {
    private static Driver driver;

    private final List<AeronTransport> transports = new ArrayList<>();

    @BeforeAll
    static void launch() throws IOException {
        driver = TestDriver.launch();
    }

    @AfterAll
    static void close() {
        driver.close();
    }

    @AfterEach
    void closeTransports() {
        transports.forEach(AeronTransport::close);
    }

    private AeronTransport open(final AeronContext context) {
        final AeronTransport transport = AeronTransport.open(context.directory(driver.directory()));
        transports.add(transport);
        return transport;
    }

    private void await(final BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(60)) {
                fail("waited in vain");
            }
            transports.forEach(AeronTransport::doWork);
            Thread.yield();
        }
    }

    private Outbound connect(final AeronTransport from, final AeronTransport to) {
        final Outbound out = from.connect(to.localAddress());
        await(out::isConnected);
        return out;
    }

    @Test
    void portZeroIsAnyFreeOne() {
        final AeronTransport one = open(new AeronContext().udp("127.0.0.1", 0));
        final AeronTransport two = open(new AeronContext().udp("::1", 0));
        assertTrue(one.localAddress().matches("udp:127\\.0\\.0\\.1:[1-9][0-9]*"), one.localAddress());
        assertTrue(two.localAddress().matches("udp:\\[::1]:[1-9][0-9]*"), two.localAddress());
        final AeronTransport three = open(new AeronContext().udp("127.0.0.1", 0));
        assertNotEquals(one.localAddress(), three.localAddress());
        final Outbound out = connect(three, one);
        await(() -> out.tryClaim(1) == SendStatus.CLAIMED);
    }

    @Test
    void aTakenPortIsRefused() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            final AeronContext context = new AeronContext().udp("127.0.0.1", taken.getLocalPort());
            final String message = assertThrows(IllegalStateException.class, () -> open(context)).getMessage();
            assertTrue(message.contains("udp:127.0.0.1:" + taken.getLocalPort()), message);
            assertTrue(message.contains("in use"), message);
        }
    }

    @Test
    void handlersAlwaysGetAlignedOffHeapMemory() {
        final AeronTransport receiver = open(new AeronContext().ipc(1));
        final AeronTransport sender = open(new AeronContext().ipc(2));
        final Outbound out = connect(sender, receiver);
        final int longest = sender.maxMessageLength();
        for (final int length : new int[] {1, 33, sender.maxClaimLength(), sender.maxClaimLength() + 1, longest}) {
            await(() -> out.tryClaim(length) == SendStatus.CLAIMED);
            out.commit();
            await(() -> receiver.poll((buffer, offset, size) -> {
                assertNull(buffer.byteArray());
                assertEquals(0, (buffer.addressOffset() + offset) % 8);
                assertEquals(length, size);
            }, 1) == 1);
        }
    }

    @Test
    void aHandlersExceptionComesOutOfPollAndTheNextMessageFollows() {
        final AeronTransport receiver = open(new AeronContext().ipc(1));
        final Outbound out = connect(open(new AeronContext().ipc(2)), receiver);
        for (byte i = 0; i < 3; i++) {
            await(() -> out.tryClaim(1) == SendStatus.CLAIMED);
            out.buffer().putByte(out.offset(), i);
            out.commit();
        }
        final IllegalStateException thrown = new IllegalStateException("from the handler");
        final List<Byte> seen = new ArrayList<>();
        final MessageHandler handler = (buffer, offset, _) -> {
            seen.add(buffer.getByte(offset));
            if (seen.size() == 2) {
                throw thrown;
            }
        };
        assertSame(thrown,
                assertThrows(IllegalStateException.class, () -> await(() -> receiver.poll(handler, 10) > 2)));
        await(() -> receiver.poll(handler, 10) == 1);
        assertEquals(List.of((byte) 0, (byte) 1, (byte) 2), seen);
    }

    @Test
    void oneClaimAtATime() {
        final AeronTransport receiver = open(new AeronContext().ipc(1));
        final Outbound out = connect(open(new AeronContext().ipc(2)), receiver);
        assertThrows(IllegalStateException.class, out::commit);
        assertThrows(IllegalStateException.class, out::abort);
        await(() -> out.tryClaim(1) == SendStatus.CLAIMED);
        assertThrows(IllegalStateException.class, () -> out.tryClaim(1));
        out.abort();
        assertEquals(SendStatus.CLAIMED, out.tryClaim(1));
    }

    @Test
    void steadyStateAllocatesNothing() {
        final AeronTransport receiver = open(new AeronContext().ipc(1));
        final AeronTransport sender = open(new AeronContext().ipc(2));
        final Outbound out = connect(sender, receiver);
        final MessageHandler handler = (_, _, _) -> {};
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // What happens once (Aeron's heartbeat counter, first back-pressure, linking) falls into single rounds; what
        // allocates per message falls into every one.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20 && least > 0; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            exchange(sender, receiver, out, handler);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least);
    }

    /** Sends messages of every kind, with back-pressure now and then. */
    private static void exchange(final AeronTransport sender, final AeronTransport receiver, final Outbound out,
            final MessageHandler handler) {
        int received = 0;
        for (int sent = 0; sent < 20_000;) {
            final int length = sent % 100 == 0 ? sender.maxMessageLength() : 500;
            if (out.tryClaim(length) == SendStatus.CLAIMED) {
                sent++;
                if (sent % 7 == 0) {
                    out.abort();
                } else {
                    out.commit();
                }
            } else {
                received += receiver.poll(handler, 50);
            }
            sender.doWork();
            receiver.doWork();
        }
        assertTrue(received > 0);
    }

    @Test
    void aPausedProcessIsToldSo() throws IOException {
        final DriverContext context = new DriverContext().directory(TestDriver.directory()).livenessTimeoutMs(2_000);
        try (Driver brief = Driver.launch(context);
                AeronTransport transport = AeronTransport.open(new AeronContext().directory(brief.directory()).ipc(1));
                AeronTransport other = AeronTransport.open(new AeronContext().directory(brief.directory()).ipc(2))) {
            final Outbound out = transport.connect(other.localAddress());
            // Nobody calls doWork of the first until the driver has given it up and the other has lost its stream.
            final Outbound back = other.connect(transport.localAddress());
            final long start = System.nanoTime();
            boolean connected = false;
            while (!connected || back.isConnected()) {
                connected |= back.isConnected();
                other.doWork();
                Thread.yield();
                assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60));
            }
            final DriverLostException lost = assertThrows(DriverLostException.class, () -> {
                while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60)) {
                    transport.doWork();
                }
            });
            assertTrue(lost.getMessage().startsWith("the media driver in " + brief.directory()
                    + " gave this process up, perhaps because it paused for too long: "), lost.getMessage());
            assertEquals(SendStatus.CLOSED, out.tryClaim(1));
            assertThrows(DriverLostException.class, transport::doWork);
            assertThrows(DriverLostException.class, () -> transport.connect("ipc:2"));
            assertEquals(0, transport.poll((_, _, _) -> fail(), 10));
        }
    }
}
