package io.rubato.coordinator;

/**
 * A clock that every worker has finished.
 *
 * @param clock          how many clocks all workers have finished; the first is 1
 * @param seconds        since the first worker began the first clock in which it processed items
 * @param objective      sum of the reported losses over the sum of the reported samples; NaN if none
 * @param test           the same of held-out data, at the end of the clock; NaN if none was reported
 * @param items          processed so far, all workers
 * @param itemsPerSecond over the time since training began
 */
public record ClockProgress(long clock, double seconds, double objective, double test, long items,
        double itemsPerSecond) {
}
