package io.rubato.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long single operations took. */
final class Latencies {
    /** In the order in which they are printed. */
    static final Map<String, Double> PERCENTILES = percentiles();

    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(HIGHEST_NS, DIGITS);

    private static Map<String, Double> percentiles() {
        final Map<String, Double> percentiles = new LinkedHashMap<>();
        percentiles.put("p50", 50.0);
        percentiles.put("p90", 90.0);
        percentiles.put("p99", 99.0);
        percentiles.put("p99.9", 99.9);
        percentiles.put("max", 100.0);
        return percentiles;
    }

    void record(final long ns) {
        histogram.recordValue(Math.min(ns, HIGHEST_NS));
    }

    /** Percentiles by name, nanoseconds. */
    Map<String, Double> toMap() {
        final Map<String, Double> map = new LinkedHashMap<>();
        PERCENTILES.forEach((name, percentile) -> map.put(name,
                (double) histogram.getValueAtPercentile(percentile)));
        return map;
    }
}
