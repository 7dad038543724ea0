package io.rubato.node;

import io.rubato.Learner;
import java.util.Map;

/** A learner that jobs can name. */
interface LearnerType {
    /** All there are, by name. */
    Map<String, LearnerType> BY_NAME = Map.of("mf", new MfType(), "lda", new LdaType(), "audit", new AuditType());

    /**
     * The one that a job names.
     *
     * @throws UsageException if there is none of that name
     */
    static LearnerType of(final JobConfig config) {
        final LearnerType type = BY_NAME.get(config.learner());
        if (type == null) {
            throw new UsageException(
                    "there is no learner '" + config.learner() + "'; expected one of " + BY_NAME.keySet());
        }
        return type;
    }

    /**
     * Reads the input as the workers will; looks at no output.
     *
     * @throws UsageException if it cannot be used
     */
    void check(JobConfig config);

    /** Makes the training program of one worker process. */
    Learner create(JobConfig config);
}
