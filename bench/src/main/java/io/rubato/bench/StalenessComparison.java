package io.rubato.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Pull beside push.
 *
 * @param staleness s of both
 * @param ssp       reads under SSP(s)
 * @param essp      reads under ESSP(s)
 */
record StalenessComparison(int staleness, Reads ssp, Reads essp) {
    /**
     * Reads of one run.
     *
     * @param slowed of the slowed worker
     * @param others of all others
     */
    record Reads(Histogram slowed, Histogram others) {
        Histogram all() {
            final Histogram all = new Histogram();
            all.add(slowed);
            all.add(others);
            return all;
        }
    }

    List<String> lines() {
        final List<Histogram> columns =
                List.of(ssp.slowed, essp.slowed, ssp.others, essp.others, ssp.all(), essp.all());
        final List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%12s%22s%22s%22s", "s = " + staleness, "slowed worker", "other workers",
                "all"));
        lines.add(" ".repeat(12) + String.format("%11s%11s", "ssp", "essp").repeat(3));
        final TreeSet<Integer> lags = new TreeSet<>();
        columns.forEach(column -> lags.addAll(column.reads().keySet()));
        for (final int lag : lags.descendingSet()) {
            lines.add(line(Integer.toString(-lag), "%9.1f %%",
                    columns.stream().map(column -> 100 * column.share(lag)).toList()));
        }
        lines.add(line("mean lag", "%11.2f", columns.stream().map(Histogram::meanLag).toList()));
        lines.add(line("lag <= 1", "%9.1f %%", columns.stream().map(column -> 100 * column.shareUpTo(1)).toList()));
        return lines;
    }

    private static String line(final String name, final String format, final List<Double> values) {
        final StringBuilder line = new StringBuilder(String.format("%12s", name));
        values.forEach(value -> line.append(String.format(Locale.ROOT, format, value)));
        return line.toString();
    }
}
