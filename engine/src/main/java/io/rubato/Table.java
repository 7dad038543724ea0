package io.rubato;

/**
 * A table that every shard of the job has opened. Immutable, shared by all threads.
 *
 * @param id   0, 1, 2, ... in the order of creation; the same in every process of the job
 * @param spec shape and rules
 */
public record Table(int id, TableSpec spec) {
    /** Most tables of one job; ids are below. */
    public static final int MAX_TABLES = 1 << 16;
}
