package io.rubato.learn;

/**
 * Random numbers as a function of their place instead of a sequence, so that every process can compute any of them
 * alone.
 */
public final class Hash {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Hash() {
    }

    /**
     * A hash of two numbers (the finalizer of SplitMix64, twice).
     *
     * @param seed  of the job, or of a stream of numbers
     * @param index within the stream
     * @return 64 well-mixed bits
     */
    public static long of(final long seed, final long index) {
        return mix(mix(seed + GOLDEN_GAMMA) + (index + 1) * GOLDEN_GAMMA);
    }

    /**
     * A hash as a number of the unit interval.
     *
     * @param seed  of the job, or of a stream of numbers
     * @param index within the stream
     * @return uniform in [0, 1), a multiple of 2^-53
     */
    public static double unit(final long seed, final long index) {
        return (of(seed, index) >>> 11) * 0x1p-53;
    }

    private static long mix(final long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
