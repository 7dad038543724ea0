package io.rubato.simulator;

import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * A distribution of durations, in nanoseconds. Drawn values are at least 0 and at most {@code greatestNs}.
 *
 * @param shape      which
 * @param first      constant: the value; uniform: the least; exponential: the mean; pareto: the least; lognormal: the
 *                   median
 * @param second     uniform: the greatest; pareto: the tail index alpha, heavier when smaller; lognormal: sigma of the
 *                   logarithm; otherwise 0
 * @param greatestNs longer durations are cut to this one; at most {@link #MAX_NS}
 */
public record Distribution(Shape shape, double first, double second, long greatestNs) {
    /** Longest duration that is ever drawn: one hour. */
    public static final long MAX_NS = 3_600_000_000_000L;

    /** The families. */
    public enum Shape {
        /** Always the same. */
        CONSTANT,
        /** Equally likely between two bounds. */
        UNIFORM,
        /** Memoryless. */
        EXPONENTIAL,
        /** Heavy tail: P(x &gt; t) = (least / t)^alpha. */
        PARETO,
        /** Heavy tail: the logarithm is normal. */
        LOGNORMAL
    }

    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if a duration is negative or too long, or a shape parameter is out of range
     */
    public Distribution {
        if (!(first >= 0 && first <= MAX_NS)) {
            throw new IllegalArgumentException("a duration must be 0 to one hour, got " + first + " ns");
        }
        if (greatestNs < 0 || greatestNs > MAX_NS) {
            throw new IllegalArgumentException("the longest duration must be 0 to one hour, got " + greatestNs + " ns");
        }
        final boolean fits = switch (shape) {
            case CONSTANT, EXPONENTIAL -> second == 0;
            case UNIFORM -> second >= first && second <= MAX_NS;
            case PARETO -> second > 0 && second <= 1000;
            case LOGNORMAL -> second >= 0 && second <= 100;
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    "second parameter of " + shape.name().toLowerCase(Locale.ROOT) + " is out of range: " + second);
        }
    }

    /**
     * Always the same.
     *
     * @param ns duration
     * @return the distribution
     */
    public static Distribution constant(final double ns) {
        return new Distribution(Shape.CONSTANT, ns, 0, MAX_NS);
    }

    /**
     * Equally likely between two bounds.
     *
     * @param leastNs    lower bound
     * @param greatestNs upper bound
     * @return the distribution
     */
    public static Distribution uniform(final double leastNs, final double greatestNs) {
        return new Distribution(Shape.UNIFORM, leastNs, greatestNs, MAX_NS);
    }

    /**
     * Memoryless.
     *
     * @param meanNs mean
     * @return the distribution
     */
    public static Distribution exponential(final double meanNs) {
        return new Distribution(Shape.EXPONENTIAL, meanNs, 0, MAX_NS);
    }

    /**
     * Heavy tail.
     *
     * @param leastNs smallest value
     * @param alpha   tail index
     * @return the distribution
     */
    public static Distribution pareto(final double leastNs, final double alpha) {
        return new Distribution(Shape.PARETO, leastNs, alpha, MAX_NS);
    }

    /**
     * Heavy tail.
     *
     * @param medianNs median
     * @param sigma    of the logarithm
     * @return the distribution
     */
    public static Distribution lognormal(final double medianNs, final double sigma) {
        return new Distribution(Shape.LOGNORMAL, medianNs, sigma, MAX_NS);
    }

    /**
     * The same with its tail cut off.
     *
     * @param ns longest duration
     * @return the distribution
     */
    public Distribution atMost(final long ns) {
        return new Distribution(shape, first, second, ns);
    }

    /**
     * Draws a duration.
     *
     * @param random source
     * @return nanoseconds
     */
    public long draw(final RandomGenerator random) {
        final double value = switch (shape) {
            case CONSTANT -> first;
            case UNIFORM -> first + (second - first) * random.nextDouble();
            case EXPONENTIAL -> -first * Math.log(1 - random.nextDouble());
            case PARETO -> first * Math.pow(1 - random.nextDouble(), -1 / second);
            case LOGNORMAL -> first * Math.exp(second * random.nextGaussian());
        };
        return (long) Math.min(greatestNs, value);
    }

    /**
     * Reads what {@link #toString} writes: {@code constant:10ms}, {@code uniform:1ms..5ms}, {@code exponential:2ms},
     * {@code pareto:1ms,1.5}, {@code lognormal:1ms,0.8}; a bare duration is a constant. {@code <=100ms} at the end cuts
     * the tail. Units: ns, us, ms, s.
     *
     * @param text to read
     * @return the distribution
     * @throws IllegalArgumentException saying what was expected
     */
    public static Distribution parse(final String text) {
        final int cut = text.indexOf("<=");
        try {
            return cut < 0 ? parseUncut(text)
                    : parseUncut(text.substring(0, cut)).atMost((long) duration(text.substring(cut + 2)));
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("expected constant:10ms, uniform:1ms..5ms, exponential:2ms,"
                    + " pareto:1ms,1.5 or lognormal:1ms,0.8, perhaps with <=100ms behind it, got '" + text + "' ("
                    + e.getMessage() + ")");
        }
    }

    private static Distribution parseUncut(final String text) {
        final int colon = text.indexOf(':');
        final String body = text.substring(colon + 1);
        return switch (colon < 0 ? "constant" : text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "constant" -> constant(duration(body));
            case "uniform" -> uniform(duration(part(body, "\\.\\.", 0)), duration(part(body, "\\.\\.", 1)));
            case "exponential" -> exponential(duration(body));
            case "pareto" -> pareto(duration(part(body, ",", 0)), Double.parseDouble(part(body, ",", 1)));
            case "lognormal" -> lognormal(duration(part(body, ",", 0)), Double.parseDouble(part(body, ",", 1)));
            default -> throw new IllegalArgumentException("unknown shape");
        };
    }

    private static String part(final String body, final String separator, final int index) {
        final String[] parts = body.split(separator);
        if (parts.length != 2) {
            throw new IllegalArgumentException("two values are needed");
        }
        return parts[index];
    }

    private static double duration(final String text) {
        final int unit = text.endsWith("s") ? text.length() - ("num".indexOf(before(text)) >= 0 ? 2 : 1) : -1;
        if (unit < 1) {
            throw new IllegalArgumentException("a duration needs a unit");
        }
        return Double.parseDouble(text.substring(0, unit)) * switch (text.substring(unit)) {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            default -> 1e9;
        };
    }

    private static char before(final String text) {
        return text.length() < 2 ? ' ' : text.charAt(text.length() - 2);
    }

    private static String duration(final double ns) {
        return ns >= 1e9 ? ns / 1e9 + "s" : ns >= 1e6 ? ns / 1e6 + "ms" : ns >= 1e3 ? ns / 1e3 + "us" : ns + "ns";
    }

    @Override
    public String toString() {
        return shape.name().toLowerCase(Locale.ROOT) + ":" + duration(first) + switch (shape) {
            case CONSTANT, EXPONENTIAL -> "";
            case UNIFORM -> ".." + duration(second);
            case PARETO, LOGNORMAL -> "," + second;
        } + (greatestNs == MAX_NS ? "" : "<=" + duration((double) greatestNs));
    }
}
