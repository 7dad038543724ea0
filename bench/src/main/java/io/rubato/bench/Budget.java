package io.rubato.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One budget and what was measured.
 *
 * @param group   its name on the command line
 * @param what    is measured
 * @param unit    of both sides
 * @param side    measured
 * @param beside  what it is held against, taken in turn with it; null if the side itself is bounded
 * @param bound   of the ratio
 * @param isUpper whether the ratio may be at most the bound, otherwise at least
 * @param reason  why nothing was measured; null if something was
 */
record Budget(String group, String what, String unit, Samples side, Samples beside, double bound, boolean isUpper,
        String reason) {
    private static final String NONE = "-";

    static Budget atMost(final String group, final String what, final String unit, final Samples side,
            final Samples beside, final double bound) {
        return new Budget(group, what, unit, side, beside, bound, true, null);
    }

    static Budget atLeast(final String group, final String what, final String unit, final Samples side,
            final Samples beside, final double bound) {
        return new Budget(group, what, unit, side, beside, bound, false, null);
    }

    static Budget notMeasured(final String group, final String what, final double bound, final boolean isUpper,
            final String reason) {
        return new Budget(group, what, "", null, null, bound, isUpper, reason);
    }

    boolean isMeasured() {
        return reason == null;
    }

    Samples ratio() {
        return beside == null ? side : side.over(beside);
    }

    /** Whether the median of the ratios keeps the bound; to be asked of what was measured. */
    boolean isMet() {
        final double median = ratio().median();
        return isUpper ? median <= bound : median >= bound;
    }

    String verdict() {
        return !isMeasured() ? "not measured: " + reason : isMet() ? "met" : "missed";
    }

    static TextTable table() {
        return new TextTable("what", "unit", "measured", "beside", "ratio", "least", "most", "budget", "verdict");
    }

    void addTo(final TextTable table) {
        final String budget = (isUpper ? "<= " : ">= ") + number(bound);
        if (isMeasured()) {
            table.row(what, unit, number(side.median()), beside == null ? NONE : number(beside.median()),
                    number(ratio().median()), number(ratio().min()), number(ratio().max()), budget, verdict());
        } else {
            table.row(what, NONE, NONE, NONE, NONE, NONE, NONE, budget, verdict());
        }
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", group);
        json.put("what", what);
        json.put("verdict", !isMeasured() ? "not measured" : verdict());
        json.put(isUpper ? "atMost" : "atLeast", bound);
        if (isMeasured()) {
            json.put("unit", unit);
            json.put("measured", side.json());
            json.put("beside", beside == null ? null : beside.json());
            json.put("ratio", ratio().json());
        } else {
            json.put("reason", reason);
        }
        return json;
    }
}
