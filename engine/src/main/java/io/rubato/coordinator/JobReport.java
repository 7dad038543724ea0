package io.rubato.coordinator;

import io.rubato.JobResult;
import io.rubato.Table;
import java.util.List;

/**
 * What a finished job did.
 *
 * @param result           as the learner concluded it; null if none did
 * @param objective        of every clock
 * @param seconds          from the first admission to the end
 * @param trainSeconds     from the first worker's first clock to the last worker's last report of items
 * @param itemsPerSecond   of training, all workers
 * @param deltaRowsSent    row deltas handed to the transport by all clients, resends not counted
 * @param deltaRowsApplied row deltas added by all shards
 * @param oneSidedDeltas   those of them that were applied where workers wrote them
 * @param maxClockGap      largest lead over the slowest worker with which a read went on, in clocks
 * @param bytesSent        by all members in messages
 * @param backPressured    how often a stream between members began to take nothing
 * @param duplicates       messages that shards had applied before and dropped
 * @param badMessages      malformed messages that anyone dropped
 * @param workers          one per worker
 * @param members          every process that took part
 * @param tables           by id
 */
public record JobReport(JobResult result, List<ClockProgress> objective, double seconds, double trainSeconds,
        double itemsPerSecond, long deltaRowsSent, long deltaRowsApplied, long oneSidedDeltas, long maxClockGap,
        long bytesSent, long backPressured, long duplicates, long badMessages, List<WorkerReport> workers,
        List<Member> members, List<Table> tables) {
}
