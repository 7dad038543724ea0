package io.rubato.client;

import java.util.concurrent.TimeUnit;

/**
 * The read request for the row that one worker is blocked on; repeated under the same id until the image is there. It
 * is kept apart from the requests of other workers for the same row: one of a worker that is ahead waits at the shard
 * for a later minimum clock, which may never come unless this worker goes on. Used by the agent's thread.
 */
final class DemandRead {
    private static final long REPEAT_NS = TimeUnit.SECONDS.toNanos(2);

    private final ReadRequest request = new ReadRequest(1);
    private long version = -1;
    private boolean isSent;

    /**
     * Sends what the demand of a worker needs, unless the image is on its way. A sampled gate may open for this worker
     * before it does for another that has asked.
     */
    int work(final Demand demand, final int worker, final int staleness, final ClientTable table,
            final ShardLink shard, final int localRow, final long nowNs) {
        if (table.isPushed(demand.row(), staleness, demand.sequence())
                || !table.isSampled(staleness) && table.isAsked(demand.row(), demand.freshness())) {
            return 0;
        }
        if (version != demand.version()) {
            version = demand.version();
            isSent = false;
            request.set(shard.nextRequestId(), table, worker, demand.clock(), staleness, demand.freshness())
                    .add(localRow);
        }
        if (isSent && nowNs - request.sentNs() < REPEAT_NS) {
            return 0;
        }
        final boolean sent = shard.sendRead(request, nowNs);
        isSent |= sent;
        return sent ? 1 : 0;
    }
}
