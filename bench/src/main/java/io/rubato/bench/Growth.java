package io.rubato.bench;

import java.util.List;
import java.util.Locale;

/** How a cost grows along an axis: the exponent of the power law that fits best. */
final class Growth {
    private static final double NEAR = 0.2;

    private Growth() {
    }

    /**
     * The slope of log(cost) over log(size), least squares.
     *
     * @return NaN with fewer than two sizes above 0, or a cost that is not above 0
     */
    static double exponent(final List<Double> sizes, final List<Double> costs) {
        double n = 0;
        double sumX = 0;
        double sumY = 0;
        double sumXx = 0;
        double sumXy = 0;
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i) > 0) {
                final double x = Math.log(sizes.get(i));
                final double y = costs.get(i) > 0 ? Math.log(costs.get(i)) : Double.NaN;
                n++;
                sumX += x;
                sumY += y;
                sumXx += x * x;
                sumXy += x * y;
            }
        }
        return n < 2 ? Double.NaN : (n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX);
    }

    /** A word for it. */
    static String word(final double exponent) {
        if (!Double.isFinite(exponent)) {
            return "-";
        }
        if (Math.abs(exponent) <= NEAR) {
            return "constant";
        }
        return Math.abs(exponent - 1) <= NEAR ? "linear" : String.format(Locale.ROOT, "n^%.1f", exponent);
    }
}
