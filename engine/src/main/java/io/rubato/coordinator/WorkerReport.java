package io.rubato.coordinator;

import java.util.SortedMap;

/**
 * What one worker did.
 *
 * @param worker             index
 * @param client             index of its process
 * @param clocks             how often it called {@code clock()}
 * @param items              it reported
 * @param computeSeconds     spent outside blocking calls
 * @param waitSeconds        spent in blocking calls
 * @param rowsRead           calls of {@code get}
 * @param cacheHits          those answered by the worker's cache without a look elsewhere
 * @param stalenessHistogram clock of the data read minus the reader's clock, to how many reads
 */
public record WorkerReport(int worker, int client, long clocks, long items, double computeSeconds, double waitSeconds,
        long rowsRead, long cacheHits, SortedMap<Long, Long> stalenessHistogram) {
}
