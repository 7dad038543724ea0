package io.rubato.coordinator;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one worker did.
 *
 * @param worker           index
 * @param client           index of its process
 * @param clocks           how often it called {@code clock()}
 * @param items            it reported
 * @param computeSeconds   spent outside blocking calls
 * @param waitSeconds      spent in blocking calls
 * @param rowsRead         calls of {@code get}
 * @param cacheHits        those answered by the worker's cache without a look elsewhere
 * @param oneSidedReads    rows copied from the memory of shards on its machine
 * @param stalenessByTable by table id: clock of the data read minus the reader's clock, to how many reads
 */
public record WorkerReport(int worker, int client, long clocks, long items, double computeSeconds, double waitSeconds,
        long rowsRead, long cacheHits, long oneSidedReads,
        SortedMap<Integer, SortedMap<Long, Long>> stalenessByTable) {
    /**
     * The staleness of the reads of all tables.
     *
     * @return clock of the data read minus the reader's clock, to how many reads
     */
    public SortedMap<Long, Long> stalenessHistogram() {
        final SortedMap<Long, Long> all = new TreeMap<>();
        stalenessByTable.values()
                .forEach(histogram -> histogram.forEach((lag, reads) -> all.merge(lag, reads, Long::sum)));
        return all;
    }
}
