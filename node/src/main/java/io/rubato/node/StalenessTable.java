package io.rubato.node;

import io.rubato.Table;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.WorkerReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How stale the rows were that all workers read, as histograms of the clock of the data minus that of the reader. */
final class StalenessTable {
    private static final int BAR_CELLS = 40;
    /** Rarer lags than these share the last line. */
    private static final int MAX_LINES = 17;
    /** A table with fewer of all reads does not matter: learners keep their books in such ones. */
    private static final double MIN_SHARE = 0.01;

    private StalenessTable() {
    }

    /** Of one table. */
    static SortedMap<Long, Long> histogram(final JobReport report, final Table table) {
        final SortedMap<Long, Long> sum = new TreeMap<>();
        for (final WorkerReport worker : report.workers()) {
            worker.stalenessByTable().getOrDefault(table.id(), Collections.emptySortedMap())
                    .forEach((staleness, reads) -> sum.merge(staleness, reads, Long::sum));
        }
        return sum;
    }

    /** Of all tables together. */
    static SortedMap<Long, Long> histogram(final JobReport report) {
        final SortedMap<Long, Long> sum = new TreeMap<>();
        for (final WorkerReport worker : report.workers()) {
            worker.stalenessHistogram().forEach((staleness, reads) -> sum.merge(staleness, reads, Long::sum));
        }
        return sum;
    }

    /** Of each table whose reads matter; nothing if there were none. */
    static List<String> lines(final JobReport report) {
        final long all = reads(histogram(report));
        final List<Table> tables = report.tables().stream().filter(table -> {
            final long reads = reads(histogram(report, table));
            return reads > 0 && reads >= MIN_SHARE * all;
        }).toList();
        final List<String> lines = new ArrayList<>();
        for (final Table table : tables) {
            lines.add("");
            lines.add("  staleness of the rows read" + (tables.size() == 1 ? "" : " of table " + table.spec().name())
                    + " (clock of the data minus clock of the reader)");
            lines(histogram(report, table), lines);
        }
        return lines;
    }

    private static void lines(final SortedMap<Long, Long> histogram, final List<String> lines) {
        final long all = reads(histogram);
        final List<Long> freshestFirst = new ArrayList<>(histogram.keySet()).reversed();
        if (freshestFirst.size() > MAX_LINES) {
            final long last = freshestFirst.get(MAX_LINES - 1);
            lines.add(line("<=" + last, reads(histogram.headMap(last + 1)), all));
            histogram.tailMap(last + 1)
                    .forEach((staleness, reads) -> lines.add(line(staleness.toString(), reads, all)));
        } else {
            histogram.forEach((staleness, reads) -> lines.add(line(staleness.toString(), reads, all)));
        }
    }

    private static String line(final String staleness, final long reads, final long all) {
        return Text.of("  %6s %7.2f %%  %s", staleness, 100.0 * reads / all,
                "#".repeat((int) Math.ceilDiv(reads * BAR_CELLS, all))).stripTrailing();
    }

    private static long reads(final Map<Long, Long> histogram) {
        return histogram.values().stream().mapToLong(Long::longValue).sum();
    }
}
