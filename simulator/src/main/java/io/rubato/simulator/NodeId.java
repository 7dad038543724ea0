package io.rubato.simulator;

/**
 * A process of the simulated job.
 *
 * @param role  what it does
 * @param index within its role, from 0; 0 for the coordinator
 */
public record NodeId(Role role, int index) {
    /** What a process does. */
    public enum Role {
        /** Admits, watches, collects. */
        COORDINATOR,
        /** Owns rows. */
        SHARD,
        /** Hosts workers. */
        CLIENT
    }

    /** The coordinator of a job. */
    public static final NodeId COORDINATOR = new NodeId(Role.COORDINATOR, 0);

    /**
     * A shard.
     *
     * @param index from 0
     * @return its id
     */
    public static NodeId shard(final int index) {
        return new NodeId(Role.SHARD, index);
    }

    /**
     * A client.
     *
     * @param index from 0
     * @return its id
     */
    public static NodeId client(final int index) {
        return new NodeId(Role.CLIENT, index);
    }

    @Override
    public String toString() {
        return switch (role) {
            case COORDINATOR -> "coordinator";
            case SHARD -> "shard " + index;
            case CLIENT -> "client " + index;
        };
    }
}
