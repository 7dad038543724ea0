package io.rubato.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Transport} must do. */
public abstract class TransportContract extends TransportHarness {
    /** For the implementations' tests. */
    protected TransportContract() {
    }

    /**
     * Addresses that {@link Transport#connect} must refuse.
     *
     * @return at least one
     */
    protected abstract List<String> malformedAddresses();

    @Test
    void theAddressIsTheOneThatPeersConnectTo() {
        final Transport endpoint = start(0);
        assertEquals(address(0), endpoint.localAddress());
        assertTrue(endpoint.localAddress().length() <= 256);
        assertTrue(endpoint.localAddress().chars().allMatch(c -> c > ' ' && c < 127), endpoint.localAddress());
    }

    @Test
    void messagesArriveOnceAndInOrder() {
        final Inbox inbox = new Inbox(start(0));
        final Outbound out = connected(start(1), address(0));
        for (int i = 0; i < 20_000; i++) {
            send(out, 1, i, HEADER + i % 600);
        }
        await("all messages", () -> inbox.count(1) == 20_000);
        settle();
        assertEquals(20_000, inbox.total);
    }

    @Test
    void everyLengthArrivesWhole() {
        final Inbox inbox = new Inbox(start(0));
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        final List<Integer> lengths = new ArrayList<>();
        for (int length = 1; length <= 300; length++) {
            lengths.add(length);
        }
        for (int around = -40; around <= 40; around++) {
            lengths.add(Math.min(sender.maxClaimLength() + around, sender.maxMessageLength()));
        }
        for (int length = 512; length < sender.maxMessageLength(); length += length / 3) {
            lengths.add(length);
        }
        lengths.add(sender.maxMessageLength() - 1);
        lengths.add(sender.maxMessageLength());
        for (int i = 0; i < lengths.size(); i++) {
            final int number = i;
            send(out, 0, number, lengths.get(number));
            await("message of " + lengths.get(number) + " bytes", () -> inbox.total == number + 1);
            assertEquals(lengths.get(number), inbox.lastLength);
        }
    }

    @Test
    void claimsAreOffHeapAndAligned() {
        new Inbox(start(0));
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        for (final int length : new int[] {1, 7, 8, 9, 100, sender.maxClaimLength(), sender.maxMessageLength(), 3}) {
            claim(out, length);
            assertNull(out.buffer().byteArray());
            assertEquals(0, (out.buffer().addressOffset() + out.offset()) % 8, "claim of " + length);
            out.commit();
        }
    }

    @Test
    void anAbortedClaimSendsNothing() {
        final Inbox inbox = new Inbox(start(0));
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        for (final int length : new int[] {1, 100, sender.maxClaimLength(), sender.maxMessageLength()}) {
            claim(out, length);
            write(out.buffer(), out.offset(), length, 1, 77);
            out.abort();
        }
        send(out, 1, 0, 100);
        await("the committed message", () -> inbox.count(1) == 1);
        settle();
        assertEquals(1, inbox.total);
    }

    @Test
    void lengthsOutsideTheRangeAreRefused() {
        new Inbox(start(0));
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        assertTrue(sender.maxClaimLength() <= sender.maxMessageLength());
        for (final int length : new int[] {-1, 0, sender.maxMessageLength() + 1}) {
            assertThrows(IllegalArgumentException.class, () -> out.tryClaim(length));
        }
        assertEquals(SendStatus.CLAIMED, claim(out, 1));
        out.abort();
    }

    @Test
    void pollHandsOverAtMostItsLimit() {
        final Transport receiver = start(0);
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        for (int i = 0; i < 10; i++) {
            send(out, 1, i, i % 2 == 0 ? 100 : Math.min(sender.maxMessageLength(), 2 * sender.maxClaimLength()));
        }
        final int[] seen = new int[1];
        final List<Integer> returned = new ArrayList<>();
        await("ten messages", () -> {
            final int before = seen[0];
            returned.add(receiver.poll((_, _, _) -> seen[0]++, 3));
            assertEquals(seen[0] - before, returned.getLast());
            assertTrue(returned.getLast() <= 3, returned.toString());
            return seen[0] == 10;
        });
    }

    @Test
    void aHandlerMaySend() {
        final Transport echo = start(0);
        final Inbox inbox = new Inbox(start(1));
        final Outbound there = connected(inbox.transport, address(0));
        final Outbound back = connected(echo, address(1));
        for (int i = 0; i < 100; i++) {
            final int number = i;
            send(there, 1, number, 64);
            await("the echo", () -> {
                echo.poll((buffer, offset, length) -> {
                    assertEquals(SendStatus.CLAIMED, claim(back, length));
                    back.buffer().putBytes(back.offset(), buffer, offset, length);
                    back.commit();
                }, 10);
                return inbox.count(1) == number + 1;
            });
        }
    }

    @Test
    void backPressureIsReportedAndHeals() {
        final Transport receiver = start(0);
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        int sent = fill(out, 0, sender.maxClaimLength());
        assertTrue(out.isConnected());
        final Inbox inbox = new Inbox(receiver);
        final int first = sent;
        await("what was sent before", () -> inbox.count(1) == first);
        for (int i = 0; i < 1_000; i++) {
            send(out, 1, sent++, sender.maxClaimLength());
        }
        final int second = sent;
        await("what was sent after", () -> inbox.count(1) == second);
    }

    @Test
    void backPressureOnTheLongestMessagesHealsToo() {
        final Transport receiver = start(0);
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        int sent = fill(out, 0, sender.maxMessageLength());
        final Inbox inbox = new Inbox(receiver);
        for (int i = 0; i < 200; i++) {
            send(out, 1, sent++, sender.maxMessageLength() - i);
            send(out, 1, sent++, HEADER + i);
        }
        final int all = sent;
        await("all messages", () -> inbox.count(1) == all);
        settle();
        assertEquals(all, inbox.total);
    }

    @Test
    void twoPeersThatPressEachOtherDoNotDeadlock() {
        final Transport left = start(0);
        final Transport right = start(1);
        final Outbound toRight = connected(left, address(1));
        final Outbound toLeft = connected(right, address(0));
        int sentRight = fill(toRight, 0, left.maxClaimLength());
        int sentLeft = fill(toLeft, 0, right.maxClaimLength());
        final Inbox atLeft = new Inbox(left);
        final Inbox atRight = new Inbox(right);
        for (int i = 0; i < 500; i++) {
            send(toRight, 1, sentRight++, left.maxClaimLength());
            send(toLeft, 1, sentLeft++, right.maxMessageLength());
        }
        final int allRight = sentRight;
        final int allLeft = sentLeft;
        await("all messages", () -> atRight.count(1) == allRight && atLeft.count(1) == allLeft);
    }

    @Test
    void anOutboundWaitsForItsPeer() {
        final Transport sender = start(1);
        final Outbound out = sender.connect(address(0));
        for (int i = 0; i < 100; i++) {
            cycle();
            assertFalse(out.isConnected());
            assertEquals(SendStatus.NOT_CONNECTED, out.tryClaim(10));
            assertEquals(SendStatus.NOT_CONNECTED, out.tryClaim(sender.maxMessageLength()));
        }
        final Inbox inbox = new Inbox(start(0));
        await("the connection", out::isConnected);
        send(out, 1, 0, 10);
        await("the message", () -> inbox.count(1) == 1);
    }

    @Test
    void manySendersReachOneEndpoint() {
        final int senders = 8;
        final int each = 2_000;
        final Inbox inbox = new Inbox(start(0));
        final List<Outbound> outs = new ArrayList<>();
        for (int s = 1; s <= senders; s++) {
            outs.add(connected(start(s), address(0)));
        }
        for (int i = 0; i < each; i++) {
            for (int s = 1; s <= senders; s++) {
                final Transport sender = transports.get(s);
                send(outs.get(s - 1), s, i, i % 100 == 0 ? sender.maxMessageLength() / 2 : HEADER + i % 200);
            }
        }
        await("all messages", () -> inbox.total == senders * each);
        for (int s = 1; s <= senders; s++) {
            assertEquals(each, inbox.count(s));
        }
    }

    /** Each always has more to say than a poll takes. */
    @Test
    void noSenderKeepsTheOthersOut() {
        final int senders = 3;
        final Transport receiver = start(0);
        final List<Outbound> outs = new ArrayList<>();
        final int[] sent = new int[senders];
        for (int s = 0; s < senders; s++) {
            outs.add(connected(start(s + 1), address(0)));
            while (sent[s] < 40) {
                send(outs.get(s), s, sent[s]++, HEADER);
            }
        }
        final int[] seen = new int[senders];
        await("a message of everyone", () -> {
            final int[] before = seen.clone();
            receiver.poll((buffer, offset, _) -> seen[buffer.getInt(offset)]++, 5);
            for (int s = 0; s < senders; s++) {
                for (int i = before[s]; i < seen[s]; i++) {
                    send(outs.get(s), s, sent[s]++, HEADER);
                }
            }
            return Arrays.stream(seen).allMatch(count -> count > 0);
        });
    }

    @Test
    void aPeerThatClosesIsNoticedAndItsSuccessorReached() {
        final Inbox former = new Inbox(start(0));
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        send(out, 1, 0, 100);
        await("the first message", () -> former.count(1) == 1);
        stop(former);
        await("the loss of the connection", () -> {
            if (out.tryClaim(100) == SendStatus.CLAIMED) {
                out.abort();
            }
            return !out.isConnected();
        });
        await("NOT_CONNECTED", () -> {
            final SendStatus status = out.tryClaim(sender.maxMessageLength());
            if (status == SendStatus.CLAIMED) {
                out.abort();
            }
            assertNotEquals(SendStatus.CLOSED, status);
            return status == SendStatus.NOT_CONNECTED;
        });
        final Inbox successor = new Inbox(start(0));
        await("the successor", out::isConnected);
        send(out, 1, 0, 100);
        send(out, 1, 1, sender.maxMessageLength());
        await("its messages", () -> successor.count(1) == 2);
        settle();
        assertEquals(2, successor.total);
        assertEquals(1, former.total);
    }

    @Test
    void aClaimMaySurviveItsPeer() {
        final Inbox first = new Inbox(start(0));
        final Inbox second = new Inbox(start(1));
        final Transport sender = start(2);
        final Outbound out = connected(sender, address(0));
        final Outbound longest = connected(sender, address(1));
        claim(out, 100);
        claim(longest, sender.maxMessageLength());
        stop(first);
        stop(second);
        out.commit();
        longest.commit();
        await("the loss of both connections", () -> !out.isConnected() && !longest.isConnected());
    }

    @Test
    void whatWasCommittedBeforeTheCloseArrives() {
        final Inbox inbox = new Inbox(start(0));
        final Outbound out = connected(start(1), address(0));
        for (int i = 0; i < 20; i++) {
            send(out, 1, i, 1_000);
        }
        out.close();
        await("all messages", () -> inbox.count(1) == 20);
    }

    @Test
    void aClosedOutboundSaysSo() {
        new Inbox(start(0));
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        final Outbound other = connected(sender, address(0));
        claim(other, 10);
        other.close();
        out.close();
        out.close();
        assertEquals(SendStatus.CLOSED, out.tryClaim(10));
        assertEquals(SendStatus.CLOSED, other.tryClaim(sender.maxMessageLength()));
        assertFalse(out.isConnected());
    }

    @Test
    void aClosedTransportClosesItsStreams() {
        new Inbox(start(0));
        final Transport sender = start(1);
        final Outbound out = connected(sender, address(0));
        sender.close();
        assertEquals(SendStatus.CLOSED, out.tryClaim(10));
        assertFalse(out.isConnected());
        out.close();
        sender.close();
    }

    @Test
    void malformedAddressesAreRefused() {
        final Transport endpoint = start(0);
        assertFalse(malformedAddresses().isEmpty());
        for (final String address : malformedAddresses()) {
            assertThrows(IllegalArgumentException.class, () -> endpoint.connect(address), address);
        }
    }
}
