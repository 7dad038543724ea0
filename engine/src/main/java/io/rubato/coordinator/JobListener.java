package io.rubato.coordinator;

/** Hears what happens to a job; called on the coordinator's thread, so it must not block for long. */
public interface JobListener {
    /**
     * A process was admitted.
     *
     * @param member who
     */
    void onMember(Member member);

    /**
     * Every worker has finished a clock, in order of clocks.
     *
     * @param progress of that clock
     */
    void onClock(ClockProgress progress);

    /**
     * Someone waits, or no longer does; called a few times a second at most.
     *
     * @param waiting one sentence that names who waits for whom since when; empty if nobody does
     */
    void onWaiting(String waiting);

    /**
     * The job ended well; called once, last.
     *
     * @param report what it did
     */
    void onFinished(JobReport report);

    /**
     * The job failed; called once, last.
     *
     * @param reason one sentence naming what failed
     */
    void onFailed(String reason);
}
