package io.rubato.client;

import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.stress.MarkedRows;
import java.lang.foreign.Arena;
import org.agrona.DirectBuffer;

/**
 * A worker's delta log of a few records, the commands that hand records over, and the progress in which the agent says
 * how far they are acknowledged. Record n is a delta to row n mod 256, marked n.
 */
final class HandOver {
    private static final int CAPACITY = 4;
    private static final int COLUMNS = 12;
    private static final TableSpec SPEC = MarkedRows.table(256, COLUMNS).spec();

    private final boolean waitsForAcknowledgement;
    private final DeltaLog log = new DeltaLog(SPEC, CAPACITY, Arena.ofShared());
    private final Commands commands = new Commands(ClientMemory.MIN_COMMAND_BYTES);
    private final ShardProgress progress = new ShardProgress(1);
    private final Agent agent = new Agent();

    /** A worker that does not wait for acknowledgements is broken: it takes "sent" for it. */
    HandOver(final boolean waitsForAcknowledgement) {
        this.waitsForAcknowledgement = waitsForAcknowledgement;
    }

    /** The worker frees what it may, as WorkerTable does, then writes what fits and hands it over. */
    void write() {
        final long applied = waitsForAcknowledgement ? progress.acknowledged(0) : Long.MAX_VALUE;
        while (log.tail() < log.sealed()) {
            final long sequence = log.sequence(log.tail());
            if (sequence == 0 || sequence > applied) {
                break;
            }
            log.free(sequence);
        }
        for (int i = 0; i < 2 && !log.isFull(); i++) {
            final boolean dense = (log.next() & 1) == 0;
            final long n = log.append(rowOf(log.next()), dense, log.next() - 1);
            MarkedRows.mark(Memory.ALL, log.address(n), COLUMNS, rowOf(n), n);
        }
        if (log.sealed() < log.next() && commands.flush(0, 0, log.sealed(), log.next(), log.next())) {
            log.seal();
        }
    }

    /**
     * The agent reads the records that it sent before once more, as it does to resend them, acknowledges them, and
     * sends the next ones.
     */
    String send() {
        agent.found = "nothing new";
        final boolean unchanged = agent.isUnchanged();
        progress.acknowledged(0, agent.sequence);
        agent.acknowledgedTo = agent.sentTo;
        commands.drain(agent, 1);
        return unchanged ? agent.found : "freed too early";
    }

    private static int rowOf(final long n) {
        return (int) (n & 255);
    }

    private boolean isWhole(final long n) {
        return log.row(n) == rowOf(n) && log.isDense(n) == ((n & 1) == 0) && log.previous(n) == n - 1
                && MarkedRows.number(Memory.ALL, log.address(n), COLUMNS, rowOf(n)) == n;
    }

    private final class Agent implements Commands.Handler {
        private String found;
        private long acknowledgedTo;
        private long sentTo;
        private long sequence;

        private boolean isUnchanged() {
            for (long n = acknowledgedTo; n < sentTo; n++) {
                if (!isWhole(n)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean onFlush(final int table, final int shard, final long from, final long to, final long clock) {
            found = from == sentTo && clock == to ? "records" : "lost or reordered";
            sequence++;
            for (long n = from; n < to; n++) {
                if (!isWhole(n)) {
                    found = "torn";
                }
                log.sequence(n, sequence);
            }
            sentTo = to;
            return true;
        }

        @Override
        public boolean onClock(final long clock) {
            throw new IllegalStateException("never sent");
        }

        @Override
        public boolean onRead(final int table, final long clock, final int staleness, final boolean wantsNewer,
                final DirectBuffer rows, final int offset, final int count) {
            throw new IllegalStateException("never sent");
        }
    }
}
