package io.rubato;

/** A training program, run by every worker of a job on its own thread. One instance serves all workers of a process. */
@FunctionalInterface
public interface Learner {
    /**
     * Trains. Returns when the worker has nothing left to do; its deltas are sent before the job ends.
     *
     * @param worker this thread's
     * @throws Exception whatever went wrong; the job then fails and names the worker
     */
    void run(Worker worker) throws Exception;
}
