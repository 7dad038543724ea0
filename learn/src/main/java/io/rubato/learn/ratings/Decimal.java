package io.rubato.learn.ratings;

import java.nio.charset.StandardCharsets;

/** Decimal numbers in bytes, rounded to float as {@link Float#parseFloat} does. */
final class Decimal {
    /** What {@link #parse} answers for text that is no finite number. */
    static final float NONE = Float.NaN;

    /** A mantissa of so many digits and a power of ten as large are exact floats; so their quotient rounds once. */
    private static final int EXACT_DIGITS = 7;
    private static final float[] POWERS = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f};

    private Decimal() {
    }

    /** The number in {@code bytes[from..to)}: sign, digits, point, exponent, nothing around; or {@link #NONE}. */
    static float parse(final byte[] bytes, final int from, final int to) {
        int at = from;
        final boolean negative = at < to && bytes[at] == '-';
        if (at < to && (negative || bytes[at] == '+')) {
            at++;
        }
        if (to - at > EXACT_DIGITS + 1) {
            return parseSlowly(bytes, from, to);
        }
        int mantissa = 0;
        int digits = 0;
        int point = to;
        for (; at < to; at++) {
            final int digit = bytes[at] - '0';
            if (digit >= 0 && digit <= 9) {
                mantissa = 10 * mantissa + digit;
                digits++;
            } else if (bytes[at] == '.' && point == to) {
                point = at;
            } else {
                return parseSlowly(bytes, from, to);
            }
        }
        if (digits == 0 || digits > EXACT_DIGITS) {
            return parseSlowly(bytes, from, to);
        }
        final int fraction = point == to ? 0 : to - point - 1;
        final float value = mantissa / POWERS[fraction];
        return negative ? -value : value;
    }

    /** Whether the text means a number that a float cannot hold: not a number, infinite, or too large. */
    static boolean isSpecial(final String text) {
        if (text.matches("[+-]?(?i:nan|inf|infinity)")) {
            return true;
        }
        return isPlain(text) && Float.isInfinite(Float.parseFloat(text));
    }

    private static float parseSlowly(final byte[] bytes, final int from, final int to) {
        final String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        if (!isPlain(text)) {
            return NONE;
        }
        final float value = Float.parseFloat(text);
        return Float.isInfinite(value) ? NONE : value;
    }

    /** Float.parseFloat alone would take "1f", "0x1p3" and surrounding blanks too. */
    private static boolean isPlain(final String text) {
        return text.matches("[+-]?(\\d++\\.?\\d*+|\\.\\d++)([eE][+-]?\\d{1,9})?");
    }
}
