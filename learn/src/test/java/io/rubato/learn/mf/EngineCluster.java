package io.rubato.learn.mf;

import io.rubato.JobResult;
import io.rubato.Learner;
import io.rubato.testing.LocalCluster;

/** The real engine in this process, each worker in a client of its own. */
record EngineCluster(int shards, int workers) implements Cluster {
    @Override
    public JobResult run(final Learner learner) {
        return new LocalCluster(shards, workers, 1).run(learner).result();
    }
}
