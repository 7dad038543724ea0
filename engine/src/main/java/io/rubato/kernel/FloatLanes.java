package io.rubato.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of floats whose arithmetic has the same bits in every run on one machine. {@code reduceLanes(ADD)} leaves the
 * order of addition open, and interpreted and compiled code differ in the last bits.
 */
public final class FloatLanes {
    /** The CPU's widest, but at most 16 lanes. */
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() > 16
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;

    // 256 bits means AVX2, whose CPUs all have FMA, as has every 64-bit ARM. Without the instruction fma() is a
    // thousand times slower.
    private static final boolean FUSED =
            SPECIES.vectorBitSize() >= 256 || "aarch64".equals(System.getProperty("os.arch"));
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);

    private FloatLanes() {
    }

    /**
     * Adds up lanes: each to the one half the vector away, and so on with halves.
     *
     * @param lanes of {@link #SPECIES}
     * @return the sum; its bits depend on the lanes and their number only
     */
    public static float sum(final FloatVector lanes) {
        FloatVector sum = lanes;
        if (LANES > 8) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (LANES > 4) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        if (LANES < 4) {
            return sum.lane(0) + sum.lane(1);
        }
        // To take out the last four takes less time than to rearrange them twice.
        return (sum.lane(0) + sum.lane(2)) + (sum.lane(1) + sum.lane(3));
    }

    /**
     * A product and a sum, fused where the CPU does it in one instruction.
     *
     * @param a of {@link #SPECIES}
     * @param b of {@link #SPECIES}
     * @param c of {@link #SPECIES}
     * @return {@code a * b + c}
     */
    static FloatVector multiplyAdd(final FloatVector a, final FloatVector b, final FloatVector c) {
        return FUSED ? a.fma(b, c) : a.mul(b).add(c);
    }

    /**
     * Whether this CPU multiplies and adds in one instruction; where it does not, {@link Math#fma} takes a thousand
     * times as long as two.
     *
     * @return true of every CPU with AVX2, and of 64-bit ARM
     */
    public static boolean areFused() {
        return FUSED;
    }

    private static VectorShuffle<Float> rotation(final int lanes) {
        return VectorShuffle.iota(SPECIES, lanes, 1, true);
    }
}
