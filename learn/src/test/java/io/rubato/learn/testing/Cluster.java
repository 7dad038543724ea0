package io.rubato.learn.testing;

import io.rubato.JobResult;
import io.rubato.Learner;

/** Something that can run a job: the tests' own model of the guarantee, or a real engine. */
@FunctionalInterface
public interface Cluster {
    /**
     * Runs a learner to its end on all workers.
     *
     * @param learner to run
     * @return what it concluded
     * @throws Exception whatever went wrong in it
     */
    JobResult run(Learner learner) throws Exception;
}
