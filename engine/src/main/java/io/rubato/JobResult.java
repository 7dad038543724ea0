package io.rubato;

/**
 * What a learner reports at its end.
 *
 * @param metric name of the quality measure, for example {@code rmse}
 * @param train  the measure on the training data; NaN if unknown
 * @param test   the measure on held-out data; NaN if there was none
 * @param model  path of what was written; empty if nothing was
 */
public record JobResult(String metric, double train, double test, String model) {
}
