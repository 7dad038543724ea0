package io.rubato.kernel;

/** One number in the upper half of an F32: sign, 8 bits of exponent, 8 significant bits of which 7 are stored. */
final class Bf16 {
    static final int EXPONENT = 0x7f80_0000;
    static final int MAGNITUDE = 0x7fff_ffff;
    /** The largest finite number. */
    static final int LARGEST = 0x7f7f;
    static final int SIGN = 0x8000;
    /** Set in what is not a number, so that it stays none when the lower half goes. */
    static final int QUIET = 0x40;

    private Bf16() {
    }

    /** To nearest, ties to even; what is finite stays finite. */
    static short round(final float value) {
        final int bits = Float.floatToRawIntBits(value);
        final int magnitude = bits & MAGNITUDE;
        final int high = magnitude >>> 16;
        final int rounded = magnitude < EXPONENT ? Math.min(magnitude + 0x7fff + (high & 1) >>> 16, LARGEST)
                : magnitude == EXPONENT ? high : high | QUIET;
        return (short) (rounded | bits >>> 16 & SIGN);
    }

    static float widen(final short value) {
        return Float.intBitsToFloat(value << 16);
    }
}
