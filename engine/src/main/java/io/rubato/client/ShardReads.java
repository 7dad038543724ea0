package io.rubato.client;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The read requests of a client to one shard: being filled, waiting to be sent, waiting for images. Used by the agent's
 * thread.
 */
final class ShardReads {
    private static final long REPEAT_NS = TimeUnit.SECONDS.toNanos(2);

    private final ShardLink link;
    private final int maxRows;
    private final ArrayDeque<ReadRequest> unsent = new ArrayDeque<>();
    private final ArrayDeque<ReadRequest> sent = new ArrayDeque<>();
    private final ArrayDeque<ReadRequest> pool = new ArrayDeque<>();
    private ReadRequest filling;

    ShardReads(final ShardLink link, final int maxRows) {
        this.link = link;
        this.maxRows = maxRows;
    }

    /** Makes a row part of the next request. */
    void add(final ClientTable table, final int row, final int localRow, final int worker, final long clock,
            final int staleness, final long freshness) {
        if (filling == null || !filling.takes(table, clock, staleness)) {
            close();
            filling = (pool.isEmpty() ? new ReadRequest(maxRows) : pool.pop()).set(link.nextRequestId(), table, worker,
                    clock, staleness, freshness);
        }
        filling.add(localRow);
        table.asked(row, filling);
    }

    private void close() {
        if (filling != null) {
            unsent.add(filling);
            filling = null;
        }
    }

    /**
     * Sends what can be sent, and repeats what has not been answered for long; a shard that still has it parked ignores
     * the repetition.
     */
    int send(final long nowNs) {
        close();
        int work = 0;
        while (!unsent.isEmpty() && link.sendRead(unsent.peek(), nowNs)) {
            sent.add(unsent.poll());
            work++;
        }
        while (!sent.isEmpty() && sent.peek().isAnswered()) {
            pool.push(sent.poll());
        }
        if (!sent.isEmpty() && nowNs - sent.peek().sentNs() > REPEAT_NS && link.sendRead(sent.peek(), nowNs)) {
            sent.add(sent.poll());
            work++;
        }
        return work;
    }
}
