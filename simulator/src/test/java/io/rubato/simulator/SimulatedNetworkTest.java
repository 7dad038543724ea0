package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.port.Outbound;
import io.rubato.port.SendStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest {
    static final SimulatedNetwork.Listener DEAF = new SimulatedNetwork.Listener() {
        @Override
        public void onSent(final NodeId from, final NodeId to, final int template, final Message message) {
        }

        @Override
        public void onLost(final NodeId from, final NodeId to, final int template, final Message message) {
        }

        @Override
        public void onArrived(final NodeId from, final NodeId to, final int template, final Message message) {
        }
    };
    private static final NetworkModel RELIABLE = NetworkModel.reliable(Distribution.uniform(1_000, 9_000));

    private final SimulatedTime time = new SimulatedTime();
    private SimulatedNetwork network;
    private SimulatedEndpoint a;
    private SimulatedEndpoint b;
    private SimulatedEndpoint receiver;

    private void build(final NetworkModel model) {
        network = new SimulatedNetwork(model, 7, false, time, DEAF);
        a = network.open(NodeId.client(0));
        b = network.open(NodeId.client(1));
        receiver = network.open(NodeId.shard(0));
    }

    @AfterEach
    void close() {
        network.close();
    }

    private static SendStatus send(final Outbound out, final int number) {
        final SendStatus status = out.tryClaim(8);
        if (status == SendStatus.CLAIMED) {
            out.buffer().putInt(out.offset(), number);
            out.commit();
        }
        return status;
    }

    private List<Integer> received() {
        final List<Integer> numbers = new ArrayList<>();
        receiver.poll((buffer, offset, length) -> numbers.add(buffer.getInt(offset)), Integer.MAX_VALUE);
        return numbers;
    }

    private List<Integer> receivedUntil(final long ns) {
        time.moveTo(ns);
        return received();
    }

    @Test
    void aMessageTakesItsTime() {
        build(NetworkModel.reliable(Distribution.constant(5_000)));
        send(a.connect(receiver.localAddress()), 1);
        assertEquals(5_000, receiver.nextArrivalNs());
        assertEquals(List.of(), receivedUntil(4_999));
        assertEquals(List.of(1), receivedUntil(5_000));
    }

    @Test
    void orderIsKeptInsideAStreamAndNotAcross() {
        build(RELIABLE);
        final Outbound fromA = a.connect(receiver.localAddress());
        final Outbound fromB = b.connect(receiver.localAddress());
        for (int i = 0; i < 100; i++) {
            send(fromA, i);
            send(fromB, 1_000 + i);
        }
        final List<Integer> all = receivedUntil(1_000_000);
        final List<Integer> ofA = all.stream().filter(n -> n < 1_000).toList();
        assertEquals(200, all.size());
        assertEquals(ofA.stream().sorted().toList(), ofA);
        assertNotEquals(0, all.indexOf(1_000) - all.indexOf(0) - 1, "b's first follows a's first at once");
    }

    @Test
    void aStreamTakesOnlySoMuch() {
        build(new NetworkModel(Distribution.constant(10), 0, 0, Distribution.constant(0), 2, 128, 128));
        final Outbound out = a.connect(receiver.localAddress());
        assertEquals(SendStatus.CLAIMED, send(out, 1));
        assertEquals(SendStatus.CLAIMED, send(out, 2));
        assertEquals(SendStatus.BACK_PRESSURED, send(out, 3));
        assertEquals(List.of(1, 2), receivedUntil(20));
        assertEquals(SendStatus.CLAIMED, send(out, 4));
    }

    @Test
    void losesAndCopiesAsOftenAsAsked() {
        build(RELIABLE.with(0.2, 0.5));
        final Outbound out = a.connect(receiver.localAddress());
        final List<Integer> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            assertEquals(SendStatus.CLAIMED, send(out, i));
            all.addAll(receivedUntil(time.now() + 10_000));
        }
        all.addAll(receivedUntil(time.now() + 1_000_000));
        final long distinct = all.stream().distinct().count();
        assertEquals(800, distinct, 60);
        assertEquals(0.5 * distinct, all.size() - distinct, 60);
        assertNotEquals(all.stream().sorted().toList(), all, "no copy came after a successor");
        assertEquals(1_000, network.counts().total());
    }

    @Test
    void aPartitionSeparatesItsSidesForItsTime() {
        build(NetworkModel.reliable(Distribution.constant(10)));
        network.partitions(
                List.of(new Fault.Partition(Set.of(NodeId.client(0)), Set.of(NodeId.shard(0)), 1_000, 2_000)));
        final Outbound fromA = a.connect(receiver.localAddress());
        final Outbound fromB = b.connect(receiver.localAddress());
        send(fromA, 1);
        time.moveTo(995);
        send(fromA, 2);
        time.moveTo(1_500);
        send(fromA, 3);
        send(fromB, 4);
        time.moveTo(2_000);
        send(fromA, 5);
        assertEquals(List.of(1, 4, 5), receivedUntil(3_000));
    }

    @Test
    void whoIsGoneIsNotReached() {
        build(RELIABLE);
        final Outbound out = a.connect(receiver.localAddress());
        send(out, 1);
        receiver.close();
        assertFalse(out.isConnected());
        assertEquals(SendStatus.NOT_CONNECTED, send(out, 2));
        receiver = network.open(NodeId.shard(0));
        assertTrue(out.isConnected());
        send(out, 3);
        assertEquals(List.of(3), receivedUntil(100_000));
    }
}
