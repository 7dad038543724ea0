package io.rubato.simulator;

import java.util.Set;

/** Something that goes wrong in a simulated job. Times are virtual, from the start of the simulation. */
public sealed interface Fault {
    /**
     * A worker that always computes slowly.
     *
     * @param worker index
     * @param factor on its computing time
     */
    record SlowWorker(int worker, double factor) implements Fault {
    }

    /**
     * Any worker, in any clock, sleeps.
     *
     * @param probability per worker and clock
     * @param length      of a sleep
     */
    record RandomSleeps(double probability, Distribution length) implements Fault {
    }

    /**
     * Each clock another worker sleeps: in clock c worker c mod workers.
     *
     * @param lengthNs of the sleep
     */
    record RotatingStraggler(long lengthNs) implements Fault {
    }

    /**
     * A process does not run for a while, as in a garbage collection, while its messages queue up.
     *
     * @param node     which
     * @param fromNs   begin
     * @param lengthNs how long
     */
    record Pause(NodeId node, long fromNs, long lengthNs) implements Fault {
    }

    /**
     * A process is gone from one moment to the next, and its endpoint with it.
     *
     * @param node which
     * @param atNs when
     */
    record Death(NodeId node, long atNs) implements Fault {
    }

    /**
     * Everything between two groups of processes is lost for a while. A process in neither group reaches both.
     *
     * @param left    one group
     * @param right   the other
     * @param fromNs  begin
     * @param untilNs end
     */
    record Partition(Set<NodeId> left, Set<NodeId> right, long fromNs, long untilNs) implements Fault {
        /** Copies the groups. */
        public Partition {
            left = Set.copyOf(left);
            right = Set.copyOf(right);
        }

        boolean separates(final NodeId a, final NodeId b) {
            return left.contains(a) && right.contains(b) || left.contains(b) && right.contains(a);
        }

        boolean holdsAt(final long ns) {
            return ns >= fromNs && ns < untilNs;
        }
    }
}
