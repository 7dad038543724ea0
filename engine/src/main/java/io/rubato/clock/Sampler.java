package io.rubato.clock;

/**
 * Draws samples of the workers without replacement. A draw is a function of seed, reader and clock, so that every shard
 * draws the same for one clock of a reader, and draws it again when a request is repeated. Used by one thread.
 *
 * <p>Source: Wang, Catterall and Mortier 2017, section 4. The draw is the first b steps of a Fisher-Yates shuffle, on
 * numbers from SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
 */
public final class Sampler {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final int[] others;
    private final int[] swaps;

    /**
     * For the workers of a job.
     *
     * @param workers at least 1
     */
    public Sampler(final int workers) {
        others = new int[workers - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = i;
        }
        swaps = new int[others.length];
    }

    /**
     * Draws.
     *
     * @param seed   of the job and table
     * @param reader worker that is to be let through
     * @param clock  c, of the reader
     * @param count  b; all others if there are no more
     * @param sample takes the reader and the drawn ones
     */
    public void draw(final long seed, final int reader, final long clock, final int count, final Sample sample) {
        final int b = Math.min(count, others.length);
        sample.reset(b + 1);
        sample.add(reader);
        long state = mix(mix(seed ^ reader) + clock);
        for (int i = 0; i < b; i++) {
            state += GOLDEN_GAMMA;
            swaps[i] = i + (int) Long.remainderUnsigned(mix(state), others.length - i);
            swap(i, swaps[i]);
            sample.add(others[i] < reader ? others[i] : others[i] + 1);
        }
        // Back to the order that the next draw starts from.
        for (int i = b - 1; i >= 0; i--) {
            swap(i, swaps[i]);
        }
    }

    private void swap(final int i, final int j) {
        final int held = others[i];
        others[i] = others[j];
        others[j] = held;
    }

    private static long mix(final long value) {
        final long a = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        final long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
        return b ^ b >>> 31;
    }
}
