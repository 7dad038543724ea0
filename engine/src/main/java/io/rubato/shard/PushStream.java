package io.rubato.shard;

import io.rubato.clock.VectorClock;
import io.rubato.kernel.Memory;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.Link;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import io.rubato.protocol.sbe.PushMarkEncoder;
import io.rubato.protocol.sbe.PushedRowsEncoder;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The numbered stream of changed rows to one client that has read them, with marks in between: a mark says that every
 * change up to some state of the shard was pushed before. Entries are kept until the client has acknowledged the
 * message that carried them; after a gap or a long silence everything from the first unacknowledged message on is sent
 * again, with the rows as they are then.
 *
 * <pre>
 *      tail                     sent                next
 *  ... | sent, not acknowledged | to be sent        | ...
 * </pre>
 */
final class PushStream {
    private static final int WINDOW = 1 << 10;
    private static final long RESEND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int ROWS_OVERHEAD = MessageHeaderEncoder.ENCODED_LENGTH + PushedRowsEncoder.BLOCK_LENGTH
            + PushedRowsEncoder.rowsHeaderLength();
    private static final int MARK_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + PushMarkEncoder.BLOCK_LENGTH;

    private final int shard;
    private final int client;
    private final Link link;
    private final int maxClaimLength;
    private final List<ShardTable> tables;
    /** Shared by the streams of a shard; null if this is the only one. */
    private final PushBatch batch;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final PushedRowsEncoder pushedRows = new PushedRowsEncoder();
    private final PushMarkEncoder pushMark = new PushMarkEncoder();

    /** A row as table and row, a mark as the complement of its minimum clock, which is negative. */
    private long[] entries = new long[16];
    /** Of a mark, the client's applied sequence. */
    private long[] applied = new long[16];
    /** The first entry of each unacknowledged message. */
    private long[] firstEntry = new long[0];
    private long tail;
    private long sent;
    private long next;
    private long lastSequence;
    private long acknowledged;
    private long resendFrom;
    private long progressNs;
    private boolean hasReader;

    PushStream(final int shard, final int client, final Link link, final int maxClaimLength,
            final List<ShardTable> tables, final PushBatch batch) {
        this.shard = shard;
        this.client = client;
        this.link = link;
        this.maxClaimLength = maxClaimLength;
        this.tables = tables;
        this.batch = batch;
    }

    /** The client has read a row of a pushed table: from now on marks concern it. */
    void registered() {
        if (!hasReader) {
            hasReader = true;
            firstEntry = new long[WINDOW];
        }
    }

    /** Of the last message so far. */
    long lastSequence() {
        return lastSequence;
    }

    void addRow(final int table, final int row) {
        append((long) table << Integer.SIZE | row, 0);
    }

    /** Everything that changed before was added. Returns up to which entry the client has to acknowledge to know it. */
    long addMark(final long minimumClock, final long appliedSequence) {
        if (!hasReader) {
            return 0;
        }
        if (next > sent && entries[at(next - 1)] < 0) {
            next--;
        }
        append(~minimumClock, appliedSequence);
        return next;
    }

    private void append(final long entry, final long appliedSequence) {
        if (next - tail == entries.length) {
            grow();
        }
        entries[at(next)] = entry;
        applied[at(next)] = appliedSequence;
        next++;
    }

    private void grow() {
        final long[] grownEntries = new long[2 * entries.length];
        final long[] grownApplied = new long[2 * entries.length];
        for (long n = tail; n < next; n++) {
            grownEntries[(int) (n & grownEntries.length - 1)] = entries[at(n)];
            grownApplied[(int) (n & grownEntries.length - 1)] = applied[at(n)];
        }
        entries = grownEntries;
        applied = grownApplied;
    }

    /** Of a row: table and row. */
    long entry(final long n) {
        return entries[at(n)];
    }

    private int at(final long n) {
        return (int) (n & entries.length - 1);
    }

    /** Whether the client has acknowledged all entries before this one. */
    boolean isAcknowledged(final long entry) {
        return tail >= entry;
    }

    /** Whether anything is to be sent, or may have to be sent again. */
    boolean isBusy() {
        return sent < next || acknowledged < lastSequence;
    }

    void onStatus(final long sequence, final boolean gap, final long nowNs) {
        if (sequence < 0 || sequence > lastSequence) {
            throw new BadMessageException(
                    "client " + client + " has taken in push " + sequence + " of " + lastSequence);
        }
        if (sequence > acknowledged) {
            acknowledged = sequence;
            tail = end(sequence);
            progressNs = nowNs;
            if (resendFrom != 0 && resendFrom <= sequence) {
                resendFrom = sequence == lastSequence ? 0 : sequence + 1;
            }
        }
        if (gap && resendFrom == 0 && acknowledged < lastSequence) {
            resendFrom = acknowledged + 1;
            progressNs = nowNs;
        }
    }

    /** The entry after a message's last. */
    private long end(final long sequence) {
        return sequence == lastSequence ? sent : firstEntry[(int) (sequence + 1 & WINDOW - 1)];
    }

    /**
     * Sends one message of rows, if there is one and the link takes it now, and the marks before it; returns how many
     * messages went.
     */
    int send(final long job, final VectorClock clocks, final long appliedSequence, final long nowNs) {
        if (acknowledged == lastSequence) {
            progressNs = nowNs;
        } else if (resendFrom == 0 && nowNs - progressNs > RESEND_NS) {
            resendFrom = acknowledged + 1;
            progressNs = nowNs;
        }
        if (resendFrom != 0) {
            final long first = firstEntry[(int) (resendFrom & WINDOW - 1)];
            final int count = (int) (end(resendFrom) - first);
            if (!encode(resendFrom, first, count, job, clocks, appliedSequence)) {
                return 0;
            }
            resendFrom = resendFrom == lastSequence ? 0 : resendFrom + 1;
            return 1;
        }
        int work = 0;
        boolean isMark = true;
        while (isMark && sent < next && lastSequence - acknowledged < WINDOW) {
            final int count = runLength();
            isMark = entries[at(sent)] < 0;
            if (!encode(lastSequence + 1, sent, count, job, clocks, appliedSequence)) {
                return work;
            }
            lastSequence++;
            firstEntry[(int) (lastSequence & WINDOW - 1)] = sent;
            unqueue(sent, count);
            sent += count;
            work++;
        }
        return work;
    }

    /** Rows that change from now on are to be sent again. */
    private void unqueue(final long first, final int count) {
        for (long n = first; n < first + count; n++) {
            final long entry = entries[at(n)];
            if (entry >= 0) {
                tables.get((int) (entry >>> Integer.SIZE)).readers().sent((int) entry, client);
            }
        }
    }

    /** How many entries the next message takes: a mark, or rows of one table as long as they fit. */
    private int runLength() {
        final long first = entries[at(sent)];
        if (first < 0) {
            return 1;
        }
        final int most = Math.max(1, (maxClaimLength - ROWS_OVERHEAD)
                / tables.get((int) (first >>> Integer.SIZE)).pushedLength());
        int count = 1;
        while (count < most && sent + count < next
                && entries[at(sent + count)] >>> Integer.SIZE == first >>> Integer.SIZE) {
            count++;
        }
        return count;
    }

    private boolean encode(final long sequence, final long first, final int count, final long job,
            final VectorClock clocks, final long appliedSequence) {
        final long entry = entries[at(first)];
        return entry < 0 ? encodeMark(sequence, ~entry, applied[at(first)], job)
                : encodeRows(sequence, first, count, tables.get((int) (entry >>> Integer.SIZE)), job, clocks,
                        appliedSequence);
    }

    private boolean encodeMark(final long sequence, final long minimumClock, final long appliedSequence,
            final long job) {
        if (!link.claim(MARK_LENGTH)) {
            return false;
        }
        pushMark.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).sequence(sequence)
                .minimumClock(minimumClock).appliedSequence(appliedSequence).shard(shard);
        link.commit();
        return true;
    }

    private boolean encodeRows(final long sequence, final long first, final int count, final ShardTable table,
            final long job, final VectorClock clocks, final long appliedSequence) {
        final int recordLength = table.pushedLength();
        if (!link.claim(ROWS_OVERHEAD + count * recordLength)) {
            return false;
        }
        pushedRows.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).sequence(sequence)
                .minimumClock(clocks.minimum()).appliedSequence(appliedSequence).version(table.version()).shard(shard)
                .table(table.table().id()).rowCount(count);
        final int rows = pushedRows.limit();
        link.buffer().putInt(rows, count * recordLength);
        final long address = Memory.address(link.buffer(), rows + PushedRowsEncoder.rowsHeaderLength());
        if (batch == null || !batch.copy(table, this, first, count, address)) {
            for (int i = 0; i < count; i++) {
                table.encode((int) entry(first + i), address + (long) i * recordLength);
            }
            if (batch != null) {
                batch.keep(table, this, first, count, address);
            }
        }
        link.commit();
        return true;
    }
}
