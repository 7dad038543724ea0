package io.rubato.learn;

/** Gives each worker a range of things of different weight, so that the workers' shares differ by about one at most. */
public final class Partition {
    private Partition() {
    }

    /**
     * Where a worker's range begins.
     *
     * @param weights of the things to spread, each at least 0
     * @param worker  0 to workers; that of {@code worker + 1} ends its range
     * @param workers how many there are
     * @return 0 to weights.length
     */
    public static int first(final int[] weights, final int worker, final int workers) {
        long total = 0;
        for (final int weight : weights) {
            total += weight;
        }
        if (worker == workers) {
            return weights.length;
        }
        // The boundary lies where the sum comes closest to the even share.
        final long share = total / workers * worker + total % workers * worker / workers;
        long sum = 0;
        int next = 0;
        while (next < weights.length && sum + weights[next] / 2 < share) {
            sum += weights[next];
            next++;
        }
        return next;
    }
}
