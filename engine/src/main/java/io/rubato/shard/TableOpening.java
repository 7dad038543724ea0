package io.rubato.shard;

import io.rubato.Table;
import io.rubato.port.RowStore;
import io.rubato.port.StoreFactory;
import io.rubato.port.StoreOpening;
import io.rubato.protocol.MemberSession;

/** A table that this shard is to have, while its store makes room for its rows. */
final class TableOpening {
    private final Table table;
    private final int clients;
    private final int workers;
    private final int rows;
    /** Null when the table has so few rows that none lives here. */
    private final StoreOpening store;

    TableOpening(final Table table, final int rows, final int shard, final MemberSession session,
            final StoreFactory stores) {
        this.table = table;
        this.rows = rows;
        this.clients = session.clients();
        this.workers = session.clients() * session.workersPerClient();
        this.store = rows == 0 ? null : stores.begin(session.job(), table, shard, rows, clients);
    }

    Table table() {
        return table;
    }

    /**
     * Goes on for some milliseconds.
     *
     * @return the table; null while it is not ready
     * @throws java.io.UncheckedIOException if it cannot be opened
     */
    ShardTable proceed() {
        if (store == null) {
            return new ShardTable(table, rows, null, clients, workers);
        }
        final RowStore opened = store.proceed();
        return opened == null ? null : new ShardTable(table, rows, opened, clients, workers);
    }

    void cancel() {
        if (store != null) {
            store.cancel();
        }
    }
}
