package io.rubato.bench;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How stale rows were that were read: number of reads by lag, the clock of the reader minus that of the data. */
final class Histogram {
    private final SortedMap<Integer, Long> reads = new TreeMap<>();

    /** From JSON: keys are clocks of the data minus clocks of the reader. */
    static Histogram of(final Map<?, ?> json) {
        final Histogram histogram = new Histogram();
        json.forEach((staleness, count) -> histogram.reads.merge(-Integer.parseInt((String) staleness),
                ((Double) count).longValue(), Long::sum));
        return histogram;
    }

    void add(final Histogram other) {
        other.reads.forEach((lag, count) -> reads.merge(lag, count, Long::sum));
    }

    SortedMap<Integer, Long> reads() {
        return reads;
    }

    long total() {
        return reads.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of all reads, from 0 to 1. */
    double share(final int lag) {
        return reads.getOrDefault(lag, 0L) / (double) Math.max(1, total());
    }

    /** Share of the reads with a lag of at most that. */
    double shareUpTo(final int lag) {
        return reads.headMap(lag + 1).values().stream().mapToLong(Long::longValue).sum()
                / (double) Math.max(1, total());
    }

    double meanLag() {
        return reads.entrySet().stream().mapToDouble(entry -> entry.getKey() * (double) entry.getValue()).sum()
                / Math.max(1, total());
    }
}
