package io.rubato.shard;

import io.rubato.clock.VectorClock;
import io.rubato.kernel.Memory;
import io.rubato.protocol.Link;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import io.rubato.protocol.sbe.RowImagesEncoder;
import io.rubato.protocol.sbe.ShardStatusEncoder;
import java.util.ArrayDeque;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;

/**
 * What a shard knows of one client: how far it is applied, which of its reads wait, what it has been told, what is
 * pushed to it.
 */
final class ClientPeer {
    private static final int IMAGES_OVERHEAD = MessageHeaderEncoder.ENCODED_LENGTH + RowImagesEncoder.BLOCK_LENGTH
            + RowImagesEncoder.rowsHeaderLength();
    private static final int STATUS_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ShardStatusEncoder.BLOCK_LENGTH;

    private final int shard;
    private final int client;
    private final Link link;
    private final int maxClaimLength;
    private final PushStream pushes;
    private final LongHashSet waiting = new LongHashSet();
    private final ArrayDeque<ParkedRead> open = new ArrayDeque<>();
    private final ArrayDeque<ParkedRead> pool = new ArrayDeque<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RowImagesEncoder images = new RowImagesEncoder();
    private final ShardStatusEncoder status = new ShardStatusEncoder();

    private long applied;
    private boolean gap;
    private long maxClockGap;
    private long visible;
    private long roundApplied;
    private long roundEntry;
    private long toldApplied;
    private long toldMinimum;
    private long toldVisible;

    ClientPeer(final int shard, final int client, final Link link, final int maxClaimLength,
            final List<ShardTable> tables, final PushBatch batch) {
        this.shard = shard;
        this.client = client;
        this.link = link;
        this.maxClaimLength = maxClaimLength;
        this.pushes = new PushStream(shard, client, link, maxClaimLength, tables, batch);
    }

    int index() {
        return client;
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

    /** The client may have missed the last status: one is due whether it is news or not. */
    void repeats() {
        toldApplied = -1;
    }

    PushStream pushes() {
        return pushes;
    }

    /** A request as an object; null if it is the repetition of one that still waits. */
    ParkedRead read(final long request, final ShardTable table, final long clock, final int staleness,
            final DirectBuffer buffer, final int offset, final int count) {
        if (!waiting.add(request)) {
            return null;
        }
        return (pool.isEmpty() ? new ParkedRead(this) : pool.pop()).set(request, table, clock, staleness, buffer,
                offset, count);
    }

    /** A read's gate is open. */
    void letThrough(final ParkedRead read, final long minimumClock) {
        open.add(read);
        maxClockGap = Math.max(maxClockGap, read.clock() - minimumClock);
    }

    /** The largest lead over the slowest worker with which a read went on. */
    long maxClockGap() {
        return maxClockGap;
    }

    /** Everything applied up to now was queued for its readers: once they all have it, it is visible. */
    void roundBegins(final long minimumClock) {
        roundApplied = applied;
        roundEntry = pushes.addMark(minimumClock, applied);
    }

    /** Whether this client, as a reader, has what the round is about. */
    boolean hasSeenRound() {
        return pushes.isAcknowledged(roundEntry);
    }

    void roundEnds() {
        visible = roundApplied;
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
                waiting.remove(read.request());
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
                .grantedClock(read.granted(clocks.minimum())).appliedSequence(applied).version(table.version())
                .pushSequence(pushes.lastSequence()).shard(shard).table(table.table().id()).rowCount(count);
        final int rows = images.limit();
        link.buffer().putInt(rows, count * recordLength);
        long at = Memory.address(link.buffer(), rows + RowImagesEncoder.rowsHeaderLength());
        for (int i = 0; i < count; i++) {
            table.encode(read.row(i), at);
            at += recordLength;
        }
        link.commit();
        register(read, count);
        read.answered(count);
        return true;
    }

    private void register(final ParkedRead read, final int count) {
        if (read.table().readers() == null) {
            return;
        }
        pushes.registered();
        for (int i = 0; i < count; i++) {
            read.table().readers().register(read.row(i), client);
        }
    }

    private boolean isStatusDue(final VectorClock clocks) {
        return gap || toldApplied != applied || toldMinimum != clocks.minimum() || toldVisible != visible;
    }

    /** Tells the client how far it is applied and what the minimum clock is, if that is news. */
    int report(final long job, final VectorClock clocks) {
        if (!isStatusDue(clocks) || !link.claim(STATUS_LENGTH)) {
            return 0;
        }
        status.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).minimumClock(clocks.minimum())
                .appliedSequence(applied).visibleSequence(visible).shard(shard).slowest(clocks.slowest())
                .gap(gap ? BooleanCode.TRUE : BooleanCode.FALSE);
        link.commit();
        gap = false;
        toldApplied = applied;
        toldMinimum = clocks.minimum();
        toldVisible = visible;
        return 1;
    }
}
