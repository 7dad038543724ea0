package io.rubato.shard;

import io.rubato.clock.Gate;
import io.rubato.clock.VectorClock;
import io.rubato.kernel.Memory;
import io.rubato.protocol.Link;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import io.rubato.protocol.sbe.RowImagesEncoder;
import io.rubato.protocol.sbe.ShardStatusEncoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.agrona.DirectBuffer;

/** What a shard knows of one client: how far it is applied, which of its reads wait, what it has been told. */
final class ClientPeer {
    private static final int IMAGES_OVERHEAD = MessageHeaderEncoder.ENCODED_LENGTH + RowImagesEncoder.BLOCK_LENGTH
            + RowImagesEncoder.rowsHeaderLength();
    private static final int STATUS_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ShardStatusEncoder.BLOCK_LENGTH;

    private final int shard;
    private final Link link;
    private final int maxClaimLength;
    private final List<ParkedRead> parked = new ArrayList<>();
    private final ArrayDeque<ParkedRead> open = new ArrayDeque<>();
    private final ArrayDeque<ParkedRead> pool = new ArrayDeque<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RowImagesEncoder images = new RowImagesEncoder();
    private final ShardStatusEncoder status = new ShardStatusEncoder();

    private long applied;
    private boolean gap;
    private long maxClockGap;
    private long toldApplied;
    private long toldMinimum;

    ClientPeer(final int shard, final Link link, final int maxClaimLength) {
        this.shard = shard;
        this.link = link;
        this.maxClaimLength = maxClaimLength;
    }

    /** The newest sequence number applied from this client. */
    long applied() {
        return applied;
    }

    void applied(final long sequence) {
        applied = sequence;
    }

    /** A sequence number is missing: the next status says so. */
    void gap() {
        gap = true;
    }

    /**
     * The client repeats what has been applied: it has missed the acknowledgement, so the next status is due whether it
     * is news or not.
     */
    void repeats() {
        toldApplied = -1;
    }

    long bytesSent() {
        return link.bytesSent();
    }

    /**
     * Parks a request, or lets it through when its gate is open; a repetition of one that still waits changes nothing.
     */
    void read(final VectorClock clocks, final long request, final ShardTable table, final long clock,
            final int staleness, final DirectBuffer buffer, final int offset, final int count) {
        if (waits(request)) {
            return;
        }
        final ParkedRead read = (pool.isEmpty() ? new ParkedRead() : pool.pop()).set(request, table, clock, staleness,
                buffer, offset, count);
        if (isOpen(clocks, read)) {
            letThrough(clocks, read);
        } else {
            parked.add(read);
        }
    }

    private boolean waits(final long request) {
        for (int i = 0; i < parked.size(); i++) {
            if (parked.get(i).request() == request) {
                return true;
            }
        }
        for (final ParkedRead read : open) {
            if (read.request() == request) {
                return true;
            }
        }
        return false;
    }

    /** Lets those parked reads through whose gate has opened. */
    void release(final VectorClock clocks) {
        for (final Iterator<ParkedRead> i = parked.iterator(); i.hasNext();) {
            final ParkedRead read = i.next();
            if (isOpen(clocks, read)) {
                i.remove();
                letThrough(clocks, read);
            }
        }
    }

    private void letThrough(final VectorClock clocks, final ParkedRead read) {
        open.add(read);
        maxClockGap = Math.max(maxClockGap, read.clock() - clocks.minimum());
    }

    /** The largest lead over the slowest worker with which a read went on. */
    long maxClockGap() {
        return maxClockGap;
    }

    private static boolean isOpen(final VectorClock clocks, final ParkedRead read) {
        return Gate.isOpen(clocks, read.table().spec().consistency(), read.staleness(), read.clock());
    }

    /** Sends as many answers as the link takes now. */
    int answer(final long job, final VectorClock clocks) {
        int work = 0;
        while (!open.isEmpty()) {
            final ParkedRead read = open.peek();
            if (!sendImages(job, clocks, read)) {
                break;
            }
            work++;
            if (read.remaining() == 0) {
                pool.push(open.poll());
            }
        }
        return work;
    }

    private boolean sendImages(final long job, final VectorClock clocks, final ParkedRead read) {
        final ShardTable table = read.table();
        final int recordLength = RowRecords.denseLength(table.spec());
        final int count = Math.min(read.remaining(), Math.max(1, (maxClaimLength - IMAGES_OVERHEAD) / recordLength));
        if (!link.claim(IMAGES_OVERHEAD + count * recordLength)) {
            return false;
        }
        images.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).minimumClock(clocks.minimum())
                .appliedSequence(applied).shard(shard).table(table.table().id()).rowCount(count);
        final int rows = images.limit();
        link.buffer().putInt(rows, count * recordLength);
        long at = Memory.address(link.buffer(), rows + RowImagesEncoder.rowsHeaderLength());
        for (int i = 0; i < count; i++) {
            table.encode(read.row(i), at);
            at += recordLength;
        }
        link.commit();
        read.answered(count);
        return true;
    }

    /** Tells the client how far it is applied and what the minimum clock is, if that is news. */
    int report(final long job, final VectorClock clocks) {
        if (!gap && toldApplied == applied && toldMinimum == clocks.minimum() || !link.claim(STATUS_LENGTH)) {
            return 0;
        }
        status.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).minimumClock(clocks.minimum())
                .appliedSequence(applied).shard(shard).slowest(clocks.slowest())
                .gap(gap ? BooleanCode.TRUE : BooleanCode.FALSE);
        link.commit();
        gap = false;
        toldApplied = applied;
        toldMinimum = clocks.minimum();
        return 1;
    }
}
