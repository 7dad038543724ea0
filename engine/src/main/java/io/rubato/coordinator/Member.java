package io.rubato.coordinator;

/**
 * A process of the job.
 *
 * @param role    of the process
 * @param index   within its role, from 0
 * @param pid     operating system's process id
 * @param address where it receives
 */
public record Member(Role role, int index, long pid, String address) {
    /** What a process does. */
    public enum Role {
        /** Owns a partition of every table's rows. */
        SHARD,
        /** Hosts workers. */
        CLIENT
    }

    @Override
    public String toString() {
        return (role == Role.SHARD ? "shard " : "client ") + index;
    }
}
