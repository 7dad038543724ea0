package io.rubato.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;

/**
 * Endpoints, duty cycles and inboxes for {@link TransportContract}. A message is: its sender (int), its number in the
 * stream (int), then bytes that depend on both and on the position; it is cut off at its length, which may be less than
 * 8.
 */
abstract class TransportHarness {
    private static final long HANG_GUARD_NS = TimeUnit.SECONDS.toNanos(60);
    static final int HEADER = 8;

    final List<Transport> transports = new ArrayList<>();
    private final List<Inbox> inboxes = new ArrayList<>();

    /**
     * Opens an endpoint that can reach the others of this test; the contract closes it.
     *
     * @param number from 0; opened again only after the former was closed
     * @return the endpoint
     */
    protected abstract Transport open(int number);

    /**
     * The address that the endpoint will have or has.
     *
     * @param number as for {@link #open}
     * @return the address
     */
    protected abstract String address(int number);

    /** Lets time pass while a test waits; called between duty cycles. */
    protected void idle() {
        Thread.yield();
    }

    /** Closes what the test opened. */
    @AfterEach
    protected void closeTransports() {
        transports.forEach(Transport::close);
    }

    Transport start(final int number) {
        final Transport transport = open(number);
        transports.add(transport);
        return transport;
    }

    void stop(final Inbox inbox) {
        inbox.transport.close();
        transports.remove(inbox.transport);
        inboxes.remove(inbox);
    }

    Outbound connected(final Transport from, final String to) {
        final Outbound out = from.connect(to);
        await("a connection to " + to, out::isConnected);
        return out;
    }

    /** One duty cycle of all endpoints. */
    void cycle() {
        transports.forEach(Transport::doWork);
        inboxes.forEach(Inbox::poll);
        idle();
    }

    void await(final String what, final BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > HANG_GUARD_NS) {
                fail("waited in vain for " + what);
            }
            cycle();
        }
    }

    /** Gives messages that should not exist the chance to arrive. */
    void settle() {
        for (int i = 0; i < 1_000; i++) {
            cycle();
        }
    }

    SendStatus claim(final Outbound out, final int length) {
        final SendStatus[] status = new SendStatus[1];
        await("a claim of " + length + " bytes", () -> {
            status[0] = out.tryClaim(length);
            return status[0] == SendStatus.CLAIMED || status[0] == SendStatus.CLOSED;
        });
        return status[0];
    }

    void send(final Outbound out, final int sender, final int number, final int length) {
        assertEquals(SendStatus.CLAIMED, claim(out, length));
        write(out.buffer(), out.offset(), length, sender, number);
        out.commit();
    }

    /** Sends messages of sender 1 that nobody polls until the stream is full. */
    int fill(final Outbound out, final int from, final int length) {
        int number = from;
        int refusals = 0;
        while (refusals < 100) {
            switch (out.tryClaim(length)) {
                case CLAIMED -> {
                    write(out.buffer(), out.offset(), length, 1, number++);
                    out.commit();
                }
                case BACK_PRESSURED -> refusals++;
                default -> fail("neither claimed nor back-pressured");
            }
            assertTrue((long) number * length < 1L << 30, "1 GiB was taken without back-pressure");
            transports.forEach(Transport::doWork);
            idle();
        }
        assertTrue(number > from);
        return number;
    }

    static void write(final MutableDirectBuffer buffer, final int offset, final int length, final int sender,
            final int number) {
        for (int i = 0; i < length; i++) {
            buffer.putByte(offset + i, expected(sender, number, i));
        }
    }

    private static byte expected(final int sender, final int number, final int position) {
        return position < 4 ? (byte) (sender >>> 8 * position)
                : position < HEADER ? (byte) (number >>> 8 * (position - 4))
                : (byte) (sender * 31 + number * 7 + position);
    }

    /** Receives at an endpoint and checks content and order of what comes. */
    final class Inbox {
        final Transport transport;
        private final int[] counts = new int[16];
        int total;
        int lastLength;

        Inbox(final Transport transport) {
            this.transport = transport;
            inboxes.add(this);
        }

        void poll() {
            transport.poll(this::onMessage, 20);
        }

        int count(final int sender) {
            return counts[sender];
        }

        private void onMessage(final DirectBuffer buffer, final int offset, final int length) {
            assertNull(buffer.byteArray());
            final int sender = length < HEADER ? 0 : buffer.getInt(offset);
            final int number = length < HEADER ? total : buffer.getInt(offset + 4);
            assertEquals(counts[sender], number, "next message of sender " + sender);
            for (int i = 0; i < length; i++) {
                if (buffer.getByte(offset + i) != expected(sender, number, i)) {
                    fail("byte " + i + " of " + length + " in message " + number + " of sender " + sender);
                }
            }
            counts[sender]++;
            total++;
            lastLength = length;
        }
    }
}
