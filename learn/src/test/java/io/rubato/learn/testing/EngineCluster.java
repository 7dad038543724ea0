package io.rubato.learn.testing;

import io.rubato.JobResult;
import io.rubato.Learner;
import io.rubato.testing.LocalCluster;

/**
 * The real engine in this process, each worker in a client of its own.
 *
 * @param shards  at least 1
 * @param workers at least 1
 */
public record EngineCluster(int shards, int workers) implements Cluster {
    @Override
    public JobResult run(final Learner learner) {
        return new LocalCluster(shards, workers, 1).run(learner).result();
    }
}
