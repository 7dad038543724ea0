package io.rubato.client;

import org.agrona.DirectBuffer;

/** Carries out one worker's commands on the agent's thread; remembers how far it got when a shard takes no more. */
final class WorkerDrain implements Commands.Handler {
    private final ClientAgent client;
    private final int worker;
    private long flushed;
    private int announced;
    private long deltaRowsSent;

    WorkerDrain(final ClientAgent client, final int worker) {
        this.client = client;
        this.worker = worker;
    }

    long deltaRowsSent() {
        return deltaRowsSent;
    }

    @Override
    public boolean onFlush(final int table, final int shard, final long from, final long to, final long clock) {
        while (from + flushed < to) {
            final int sent = client.shard(shard).sendDeltas(worker, table, from + flushed, to, clock);
            if (sent == 0) {
                return false;
            }
            flushed += sent;
            deltaRowsSent += sent;
        }
        flushed = 0;
        return true;
    }

    @Override
    public boolean onClock(final long clock) {
        while (announced < client.shardCount()) {
            if (!client.shard(announced).sendClock(worker, clock)) {
                return false;
            }
            announced++;
        }
        announced = 0;
        return true;
    }

    @Override
    public boolean onRead(final int table, final long clock, final int staleness, final boolean wantsNewer,
            final DirectBuffer rows, final int offset, final int count) {
        return client.ask(worker, client.table(table), clock, staleness, wantsNewer, rows,
                offset, count);
    }
}
