package io.rubato.coordinator;

import io.rubato.Table;
import io.rubato.TableSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables of the job: numbered in the order of their creation, and ready once every shard has opened its part. */
final class TableCatalogue {
    private final int shards;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Entry> byName = new HashMap<>();

    /** One table. */
    static final class Entry {
        private final Table table;
        private final BitSet opened = new BitSet();
        private final BitSet waitingClients = new BitSet();

        private Entry(final Table table) {
            this.table = table;
        }

        Table table() {
            return table;
        }

        boolean isOpenOn(final int shard) {
            return opened.get(shard);
        }

        /** Clients that have asked and not been answered. */
        BitSet waitingClients() {
            return waitingClients;
        }
    }

    TableCatalogue(final int shards) {
        this.shards = shards;
    }

    /** Why there cannot be such a table; null if there can. */
    String objection(final TableSpec spec) {
        final Entry entry = byName.get(spec.name());
        if (entry == null) {
            return entries.size() < Table.MAX_TABLES ? null : "a job has at most " + Table.MAX_TABLES + " tables";
        }
        return entry.table.spec().equals(spec) ? null
                : "table " + spec.name() + " exists as " + entry.table.spec() + ", asked for as " + spec;
    }

    /** The table of that name, created if there is none; to be called if there is no objection. */
    Entry findOrCreate(final TableSpec spec) {
        Entry entry = byName.get(spec.name());
        if (entry == null) {
            entry = new Entry(new Table(entries.size(), spec));
            entries.add(entry);
            byName.put(spec.name(), entry);
        }
        return entry;
    }

    void opened(final int table, final int shard) {
        if (table >= 0 && table < entries.size()) {
            entries.get(table).opened.set(shard);
        }
    }

    boolean isReady(final Entry entry) {
        return entry.opened.cardinality() == shards;
    }

    List<Table> tables() {
        return entries.stream().map(Entry::table).toList();
    }

    List<Entry> entries() {
        return entries;
    }
}
