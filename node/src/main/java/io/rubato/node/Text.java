package io.rubato.node;

import java.util.Locale;

/** Numbers as people read them. */
final class Text {
    private static final double KILO = 1e3;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;

    private Text() {
    }

    /** Always with a point as decimal separator. */
    static String of(final String format, final Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** Three or four digits with k, M or G: {@code 12.3 M}. */
    static String count(final double value) {
        if (value >= GIGA) {
            return of("%.1f G", value / GIGA);
        }
        if (value >= MEGA) {
            return of("%.1f M", value / MEGA);
        }
        return value >= KILO ? of("%.1f k", value / KILO) : of("%.0f", value);
    }

    /** {@code 1 shard}, {@code 2 shards}. */
    static String plural(final long count, final String noun, final String plural) {
        return count + " " + (count == 1 ? noun : plural);
    }
}
