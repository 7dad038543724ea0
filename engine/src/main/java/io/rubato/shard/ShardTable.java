package io.rubato.shard;

import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.port.RowStore;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.MemorySegment;
import org.agrona.concurrent.AgentTerminationException;

/** One table's rows on this shard. */
final class ShardTable {
    private final Table table;
    private final int rows;
    private final RowStore store;
    private final Readers readers;
    /** By worker, what its delta log shares; null before the first run. */
    private final MemorySegment[] logs;
    /** Rows that are prefetched together: twice as many as a worker's, whose copies need room as well. */
    private final int[] next;
    /** Never read: see {@link Memory#prefetch}. */
    private long prefetched;
    private long version;

    /** Store is null when the table has so few rows that none lives here. */
    ShardTable(final Table table, final int rows, final RowStore store, final int clients,
            final int workers) {
        this.table = table;
        this.rows = rows;
        this.store = store;
        this.logs = new MemorySegment[workers];
        this.next = new int[2 * Memory.rowsAhead(table.spec().rowBytes())];
        this.readers = table.spec().consistency().isPushed() ? new Readers(rows, clients) : null;
    }

    Table table() {
        return table;
    }

    TableSpec spec() {
        return table.spec();
    }

    int rows() {
        return rows;
    }

    /** Bytes of a record of a row that is sent unasked. */
    int pushedLength() {
        return RowRecords.denseLength(spec());
    }

    /** Of a pushed table; otherwise null. */
    Readers readers() {
        return readers;
    }

    /**
     * What a worker's delta log shares with this shard.
     *
     * @throws BadMessageException          if no row of the table lives here
     * @throws java.io.UncheckedIOException if it cannot be mapped
     */
    MemorySegment log(final int worker) {
        if (store == null) {
            throw new BadMessageException("deltas to table " + spec().name() + ", of which there is no row here");
        }
        if (logs[worker] == null) {
            logs[worker] = store.openLog(worker);
        }
        return logs[worker];
    }

    /** Grows with every change: of two images of a row that with the greater version is the newer. */
    long version() {
        return version;
    }

    /**
     * Adds a run of records of a client's message that was checked before.
     *
     * @throws AgentTerminationException if they are no longer what was checked: some of them may be added already, and
     *                                   cannot be taken back
     */
    void apply(final int client, final long sequence, final long start, final int length, final int recordCount) {
        if (recordCount == 0) {
            return;
        }
        version++;
        store.applyingSequence(client, sequence);
        try {
            add(start, length, recordCount);
        } catch (final IndexOutOfBoundsException e) {
            throw new AgentTerminationException(
                    "client " + client + " has changed deltas to table " + spec().name() + " after sending them", e);
        }
        store.appliedSequence(client, sequence);
    }

    /**
     * A client can still write to what its log shares, so each count is read once here, and nothing behind the run; the
     * store checks rows and columns again.
     */
    private void add(final long start, final int length, final int recordCount) {
        final long end = start + length;
        long at = start;
        int left = recordCount;
        while (left > 0) {
            final long room = end - at;
            final int count = room < RowRecords.HEADER_LENGTH ? 0 : RowRecords.count(at);
            final long taken = RowRecords.length(spec(), count);
            if (taken > room || !RowRecords.isCount(spec(), count)) {
                throw new IndexOutOfBoundsException(count);
            }
            if (count < 0) {
                final int most = (int) Math.min(Math.min(left, next.length), room / taken);
                final int dense = RowRecords.denseRun(at, count, taken, most);
                addDense(at, count, taken, dense);
                at += dense * taken;
                left -= dense;
            } else {
                addSparse(at, count);
                at += taken;
                left--;
            }
        }
        if (at != end) {
            throw new IndexOutOfBoundsException(end - at);
        }
    }

    /** Adds records that are dense in the same way, at most as many as are prefetched together. */
    private void addDense(final long start, final int count, final long length, final int recordCount) {
        for (int i = 0; i < recordCount; i++) {
            next[i] = RowRecords.row(start + i * length);
        }
        prefetched += store.prefetch(next, recordCount);
        for (int i = 0; i < recordCount; i++) {
            final long body = start + i * length + RowRecords.HEADER_LENGTH;
            if (count == RowRecords.DENSE_BF16) {
                store.addBf16(next[i], Memory.ALL, body);
            } else {
                store.add(next[i], Memory.ALL, body);
            }
            changed(next[i]);
        }
    }

    private void addSparse(final long at, final int count) {
        final int row = RowRecords.row(at);
        final long columns = at + RowRecords.HEADER_LENGTH;
        store.addSparse(row, Memory.ALL, columns, Memory.ALL, columns + (long) Integer.BYTES * count, count);
        changed(row);
    }

    private void changed(final int row) {
        if (readers != null) {
            readers.changed(row);
        }
    }

    /** Writes a row as a dense record. */
    void encode(final int row, final long address) {
        final int count = RowRecords.denseCount(spec());
        RowRecords.header(address, row, count);
        if (count == RowRecords.DENSE_BF16) {
            store.readBf16(row, Memory.ALL, address + RowRecords.HEADER_LENGTH);
        } else {
            store.read(row, Memory.ALL, address + RowRecords.HEADER_LENGTH);
        }
    }

    void minimumClock(final long clock) {
        if (store != null) {
            store.minimumClock(clock);
        }
    }

    void close() {
        if (store != null) {
            store.close();
        }
    }
}
