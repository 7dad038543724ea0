package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Link;
import io.rubato.protocol.Traffic;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Messages;
import io.rubato.testing.VirtualClock;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TableRegistryTest {
    private static final TableSpec A = new TableSpec("a", 4, 1, ElementType.F32, Consistency.bsp());
    private static final TableSpec B = new TableSpec("b", 4, 1, ElementType.F32, Consistency.bsp());

    private final MemoryNetwork network = new MemoryNetwork();
    private final Link coordinator = new Link(network.open("client").connect("memory:coordinator"), new Traffic());
    private final VirtualClock clock = new VirtualClock();
    private final ControlEncoder encoder = new ControlEncoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TableRegistry registry = new TableRegistry(table -> new ClientTable(table,
            new ProcessCache(table.spec(), 4, Arena.ofAuto()), TableViews.none(1), new ShardProgress(1), 1,
            _ -> false));

    private TableCreation create(final TableSpec spec) {
        final TableCreation creation = registry.create(spec);
        work();
        return creation;
    }

    private int work() {
        return registry.work(coordinator, encoder, 1, 0, clock);
    }

    private void deliver(final ControlEncoder encoded) {
        final UnsafeBuffer message = Messages.control(encoded);
        assertTrue(registry.onMessage(header.wrap(message, 0), message));
    }

    @Test
    void asksAgainUntilItIsAnswered() {
        final TableCreation a = create(A);
        assertEquals(0, work());
        clock.advance(TimeUnit.MILLISECONDS.toNanos(200));
        assertEquals(1, work());
        deliver(encoder.tableReady(1, new Table(0, A)));
        assertEquals(new Table(0, A), a.table());
        clock.advance(TimeUnit.SECONDS.toNanos(1));
        assertEquals(0, work());
    }

    @Test
    void twoWhoAskForOneTableShareIt() {
        final TableCreation first = create(A);
        final TableCreation second = create(A);
        deliver(encoder.tableReady(1, new Table(3, A)));
        assertSame(first.table(), second.table());
        final ClientTable known = registry.find(3);
        final TableCreation third = create(A);
        deliver(encoder.tableReady(1, new Table(3, A)));
        assertTrue(third.isDone());
        assertSame(known, registry.find(3));
        assertNull(registry.find(0));
        assertNull(registry.find(-1));
    }

    @Test
    void idsThatCannotBeRightAreRefused() {
        final TableCreation a = create(A);
        for (final int id : new int[] {-1, Integer.MIN_VALUE, Table.MAX_TABLES, 1 << 30, Integer.MAX_VALUE}) {
            assertThrows(BadMessageException.class, () -> deliver(encoder.tableReady(1, new Table(id, A))));
            assertFalse(a.isDone());
        }
        deliver(encoder.tableReady(1, new Table(Table.MAX_TABLES - 1, A)));
        assertTrue(a.isDone());
    }

    @Test
    void theIdOfAnotherTableIsRefused() {
        create(A);
        deliver(encoder.tableReady(1, new Table(0, A)));
        final TableCreation b = create(B);
        assertThrows(BadMessageException.class, () -> deliver(encoder.tableReady(1, new Table(0, B))));
        assertFalse(b.isDone());
        deliver(encoder.tableReady(1, new Table(1, B)));
        assertEquals(1, b.table().id());
    }

    @Test
    void aRefusalReachesWhoeverAsked() {
        final TableCreation a = create(A);
        final TableCreation b = create(B);
        deliver(encoder.tableRefused(1, "b", "no room"));
        assertFalse(a.isDone());
        assertTrue(assertThrows(IllegalArgumentException.class, b::table).getMessage().contains("no room"));
    }

    @Test
    void ofTwoShapesOfOneNameTheSecondIsRefused() {
        final TableSpec wide = new TableSpec("a", 4, 2, ElementType.F32, Consistency.bsp());
        final TableCreation a = create(A);
        final TableCreation pending = create(wide);
        assertRefused(pending, wide);
        assertFalse(a.isDone());
        deliver(encoder.tableReady(1, new Table(0, A)));
        assertEquals(new Table(0, A), a.table());
        assertRefused(create(wide), wide);
        clock.advance(TimeUnit.SECONDS.toNanos(1));
        assertEquals(0, work(), "nobody is asked for what was refused");
    }

    private static void assertRefused(final TableCreation creation, final TableSpec spec) {
        assertTrue(creation.isDone());
        final String why = assertThrows(IllegalArgumentException.class, creation::table).getMessage();
        assertTrue(why.contains(A.toString()) && why.contains(spec.toString()), why);
    }
}
