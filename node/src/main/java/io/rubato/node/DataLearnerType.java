package io.rubato.node;

import io.rubato.Learner;
import io.rubato.learn.InputException;
import java.nio.file.Path;

/** A learner that reads files and writes a model. */
abstract class DataLearnerType implements LearnerType {
    /**
     * Reads the input.
     *
     * @param out where the model goes; null for nowhere
     * @throws InputException if the input cannot be used
     * @throws UsageException if the options cannot
     */
    abstract Learner load(JobConfig config, Path out);

    @Override
    public final void check(final JobConfig config) {
        read(config, null);
    }

    @Override
    public final Learner create(final JobConfig config) {
        return read(config, config.out().isEmpty() ? null : Path.of(config.out()));
    }

    private Learner read(final JobConfig config, final Path out) {
        try {
            return load(config, out);
        } catch (final InputException e) {
            throw new UsageException(e.getMessage());
        }
    }
}
