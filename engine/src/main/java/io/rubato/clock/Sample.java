package io.rubato.clock;

/**
 * The workers whose clocks a sampled gate looks at: the reader itself, and b others; made by a {@link Sampler}. Reused;
 * used by one thread.
 */
public final class Sample {
    private int[] members = new int[8];
    private int size;
    private int next;

    /** With nobody in it. */
    public Sample() {
    }

    /** Empties it, and makes room. */
    void reset(final int capacity) {
        if (members.length < capacity) {
            members = new int[capacity];
        }
        size = 0;
        next = 0;
    }

    void add(final int worker) {
        members[size++] = worker;
    }

    /**
     * How many are in it.
     *
     * @return b + 1: the reader counts
     */
    public int size() {
        return size;
    }

    /**
     * One of them.
     *
     * @param i 0 for the reader, 1..size-1 for the others
     * @return worker
     */
    public int member(final int i) {
        return members[i];
    }

    /**
     * The first member whose clock is too low. Clocks never fall, so those passed before are not looked at again: ask
     * with one clock value only between two draws.
     *
     * @param clocks of all workers
     * @param wanted clock that members must have reached
     * @return worker, or {@link Gate#NOBODY}
     */
    int laggard(final VectorClock clocks, final long wanted) {
        while (next < size && clocks.get(members[next]) >= wanted) {
            next++;
        }
        return next < size ? members[next] : Gate.NOBODY;
    }
}
