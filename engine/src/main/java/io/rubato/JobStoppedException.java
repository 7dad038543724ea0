package io.rubato;

/** Thrown out of a blocking call of a {@link Worker} when the job has ended or failed meanwhile. */
public final class JobStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With the reason.
     *
     * @param reason one sentence, naming who or what ended the job
     */
    public JobStoppedException(final String reason) {
        super(reason);
    }
}
