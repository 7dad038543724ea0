package io.rubato.learn;

import io.rubato.JobResult;
import io.rubato.Worker;
import java.io.IOException;

/** One worker's part in a training that goes on clock by clock. Used by the worker's thread. */
public interface ClockedTraining extends AutoCloseable {
    /** Clock 0: the model that the training begins with. */
    void initialize();

    /**
     * One clock of training.
     *
     * @param clock 0, 1, 2, ...
     */
    void trainClock(int clock);

    /** The last clock: judges the model. */
    void finish();

    /**
     * Checks what all workers did, and writes the model where one is wanted; for worker 0, after {@link #finish}.
     *
     * @return of the job
     * @throws IOException           if the model cannot be written
     * @throws IllegalStateException if a delta was lost or doubled
     */
    JobResult collect() throws IOException;

    @Override
    void close();

    /**
     * All of it.
     *
     * @param worker whose part this is
     * @param clocks of training
     * @throws IOException if the model cannot be written
     */
    default void run(final Worker worker, final int clocks) throws IOException {
        initialize();
        for (int clock = 0; clock < clocks; clock++) {
            trainClock(clock);
        }
        finish();
        if (worker.index() == 0) {
            worker.conclude(collect());
        }
    }
}
