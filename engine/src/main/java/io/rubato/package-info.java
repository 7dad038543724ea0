/**
 * The public API: tables, consistency models, workers and learners.
 *
 * <p>A learner sees this package (and the kernels) and nothing else of the engine. Start with {@link io.rubato.Worker}.
 */
package io.rubato;
