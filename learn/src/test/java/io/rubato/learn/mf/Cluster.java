package io.rubato.learn.mf;

import io.rubato.JobResult;
import io.rubato.Learner;

/** Something that can run a job: the tests' own model of the guarantee, or a real engine. */
@FunctionalInterface
interface Cluster {
    /** Runs a learner to its end on all workers and returns what it concluded. */
    JobResult run(Learner learner) throws Exception;
}
