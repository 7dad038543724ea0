/**
 * What all learners share.
 *
 * <p>A learner uses {@link io.rubato.Worker} and the kernels, and nothing else of the engine.
 */
package io.rubato.learn;
