package io.rubato.client;

import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.PushMarkDecoder;
import io.rubato.protocol.sbe.PushedRowsDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/** Takes in what shards send: answers, pushes and acknowledgements. Used by the agent's thread. */
final class ImageIntake {
    private final TableRegistry registry;
    private final ShardLink[] shards;
    private final PushInbox[] pushes;
    private final ShardProgress progress;
    private final NanoClock clock;
    private final ImageClocks image = new ImageClocks();

    ImageIntake(final TableRegistry registry, final ShardLink[] shards, final PushInbox[] pushes,
            final ShardProgress progress, final NanoClock clock) {
        this.registry = registry;
        this.shards = shards;
        this.pushes = pushes;
        this.progress = progress;
        this.clock = clock;
    }

    void onRowImages(final RowImagesDecoder message, final DirectBuffer buffer) {
        final int shard = checkShard(message.shard());
        final ClientTable table = table(message.table());
        final int count = message.rowCount();
        final int length = message.rowsLength();
        final int offset = message.limit() + RowImagesDecoder.rowsHeaderLength();
        check(table.table().spec(), shard, count, buffer, offset, length);
        final long applied = message.appliedSequence();
        shards[shard].checkApplied(applied);
        // A push that came since the image was taken may have been of this row, while none was held.
        final boolean isCovered = table.table().spec().consistency().isPushed()
                && pushes[shard].taken() <= message.pushSequence();
        long at = Memory.address(buffer, offset);
        for (int i = 0; i < count; i++) {
            table.prefetchRecords(at, shard, i, count);
            final int row = RowRecords.row(at) * shards.length + shard;
            image.set(message.minimumClock(), message.grantedClock(), applied, message.version(), isCovered);
            table.take(row, image, at);
            table.answered(row, image);
            at += RowRecords.denseLength(table.table().spec());
        }
        acknowledge(shard, applied);
    }

    /** A pushed row that is not held is one that nobody here reads any more, until it is asked for again. */
    void onPushedRows(final PushedRowsDecoder message, final DirectBuffer buffer) {
        final int shard = checkShard(message.shard());
        final ClientTable table = table(message.table());
        final long sequence = message.sequence();
        final int count = message.rowCount();
        final int length = message.rowsLength();
        final int offset = message.limit() + PushedRowsDecoder.rowsHeaderLength();
        check(table.table().spec(), shard, count, buffer, offset, length);
        final long applied = message.appliedSequence();
        shards[shard].checkApplied(applied);
        if (!pushes[shard].isNext(sequence)) {
            return;
        }
        long at = Memory.address(buffer, offset);
        for (int i = 0; i < count; i++) {
            final int row = RowRecords.row(at) * shards.length + shard;
            if (table.cache().held(row) != null) {
                image.set(message.minimumClock(), message.minimumClock(), applied, message.version(), true);
                table.take(row, image, at);
                table.answered(row, image);
            }
            at += RowRecords.denseLength(table.table().spec());
        }
        acknowledge(shard, applied);
        pushes[shard].takenIn(sequence);
    }

    void onPushMark(final PushMarkDecoder message) {
        final int shard = checkShard(message.shard());
        final long applied = message.appliedSequence();
        shards[shard].checkApplied(applied);
        if (pushes[shard].isNext(message.sequence())) {
            acknowledge(shard, applied);
            progress.pushed(shard, message.minimumClock(), applied);
            pushes[shard].takenIn(message.sequence());
        }
    }

    void onShardStatus(final ShardStatusDecoder message) {
        final int shard = checkShard(message.shard());
        final long applied = message.appliedSequence();
        final long visible = message.visibleSequence();
        shards[shard].checkApplied(applied);
        if (visible < 0 || visible > applied) {
            throw new BadMessageException("shard " + shard + " has shown " + visible + " of " + applied);
        }
        final boolean gap = message.gap() == BooleanCode.TRUE;
        acknowledge(shard, applied);
        progress.visible(shard, visible);
        shards[shard].onStatus(message.slowest(), gap, clock.nanoTime());
    }

    private void acknowledge(final int shard, final long applied) {
        shards[shard].onApplied(applied, clock.nanoTime());
        progress.acknowledged(shard, shards[shard].acknowledged());
    }

    private void check(final TableSpec spec, final int shard, final int count, final DirectBuffer buffer,
            final int offset, final int length) {
        final int rows = (int) ((spec.rows() + shards.length - 1 - shard) / shards.length);
        RowRecords.check(spec, rows, count, buffer, offset, length);
        RowRecords.checkDense(spec, count, buffer, offset);
    }

    private ClientTable table(final int id) {
        final ClientTable table = registry.find(id);
        if (table == null || table.cache() == null) {
            throw new BadMessageException("images of table " + id + ", of which this client has asked for none");
        }
        return table;
    }

    private int checkShard(final int shard) {
        if (shard < 0 || shard >= shards.length) {
            throw new BadMessageException("shard " + shard + " of " + shards.length);
        }
        return shard;
    }
}
