package io.rubato.client;

import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.Link;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.TableReadyDecoder;
import io.rubato.protocol.sbe.TableRefusedDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The tables that this client's workers have created, and those they are waiting for. Workers ask; the agent's thread
 * does the rest.
 */
final class TableRegistry {
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Function<Table, ClientTable> factory;
    private final Queue<TableCreation> asked = new ConcurrentLinkedQueue<>();
    private final List<TableCreation> pending = new ArrayList<>();
    private final TableReadyDecoder tableReady = new TableReadyDecoder();
    private final TableRefusedDecoder tableRefused = new TableRefusedDecoder();
    private volatile ClientTable[] tables = new ClientTable[0];
    private long nextTryNs;

    TableRegistry(final Function<Table, ClientTable> factory) {
        this.factory = factory;
    }

    /** Any thread. */
    TableCreation create(final TableSpec spec) {
        final TableCreation creation = new TableCreation(spec);
        asked.add(creation);
        return creation;
    }

    /** A table that is known to exist. */
    ClientTable get(final int id) {
        return tables[id];
    }

    /** Any thread: null if the client does not use the table. */
    ClientTable find(final int id) {
        final ClientTable[] known = tables;
        return id >= 0 && id < known.length ? known[id] : null;
    }

    /** Asks the coordinator for what is pending. */
    int work(final Link coordinator, final ControlEncoder encoder, final long job, final int client,
            final NanoClock clock) {
        TableCreation creation;
        boolean isNew = false;
        while ((creation = asked.poll()) != null) {
            isNew |= takeUp(creation);
        }
        final long now = clock.nanoTime();
        if (pending.isEmpty() || !isNew && now - nextTryNs < 0) {
            return 0;
        }
        nextTryNs = now + RETRY_NS;
        for (final TableCreation wanted : pending) {
            encoder.createTable(job, client, wanted.spec()).sendTo(coordinator);
        }
        return 1;
    }

    /** Answers go by name: of two shapes of one name, which only a wrong learner asks for, the second is refused. */
    private boolean takeUp(final TableCreation creation) {
        final TableSpec spec = creation.spec();
        final TableSpec other = Stream
                .concat(pending.stream().map(TableCreation::spec),
                        Arrays.stream(tables).filter(Objects::nonNull).map(known -> known.table().spec()))
                .filter(known -> known.name().equals(spec.name()) && !known.equals(spec)).findFirst().orElse(null);
        if (other != null) {
            creation.refused("table " + spec.name() + " exists as " + other + ", asked for as " + spec);
            return false;
        }
        pending.add(creation);
        return true;
    }

    boolean onMessage(final MessageHeaderDecoder header, final DirectBuffer message) {
        switch (header.templateId()) {
            case TableReadyDecoder.TEMPLATE_ID -> {
                tableReady.wrap(message, Inbox.HEADER_LENGTH, header.blockLength(), header.version());
                final int id = tableReady.table();
                onReady(id, tableReady.name());
            }
            case TableRefusedDecoder.TEMPLATE_ID -> {
                tableRefused.wrap(message, Inbox.HEADER_LENGTH, header.blockLength(), header.version());
                final String name = tableRefused.name();
                onRefused(name, tableRefused.reason());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void onReady(final int id, final String name) {
        if (id < 0 || id >= Table.MAX_TABLES) {
            throw new BadMessageException("table " + name + " with id " + id);
        }
        for (final Iterator<TableCreation> i = pending.iterator(); i.hasNext();) {
            final TableCreation creation = i.next();
            if (creation.spec().name().equals(name)) {
                creation.ready(register(id, creation.spec()));
                i.remove();
            }
        }
    }

    private Table register(final int id, final TableSpec spec) {
        if (find(id) == null) {
            final ClientTable[] grown = Arrays.copyOf(tables, Math.max(tables.length, id + 1));
            grown[id] = factory.apply(new Table(id, spec));
            tables = grown;
        }
        final Table table = tables[id].table();
        if (!table.spec().equals(spec)) {
            throw new BadMessageException(
                    "id " + id + " for table " + spec.name() + " is that of " + table.spec().name());
        }
        return table;
    }

    private void onRefused(final String name, final String reason) {
        for (final Iterator<TableCreation> i = pending.iterator(); i.hasNext();) {
            final TableCreation creation = i.next();
            if (creation.spec().name().equals(name)) {
                creation.refused(reason);
                i.remove();
            }
        }
    }
}
