package io.rubato.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of the consistency measurement. */
final class ConsistencyJson {
    private ConsistencyJson() {
    }

    static void put(final Report report, final List<StalenessComparison> comparisons, final TimeToObjective times) {
        final List<Map<String, Object>> staleness = new ArrayList<>();
        for (final StalenessComparison comparison : comparisons) {
            staleness.add(reads("ssp", comparison.staleness(), comparison.ssp()));
            staleness.add(reads("essp", comparison.staleness(), comparison.essp()));
        }
        report.put("staleness", staleness);
        report.put("objective", times.objective());
        report.put("timeToObjective", times.runs().stream().map(run -> time(times, run)).toList());
    }

    private static Map<String, Object> time(final TimeToObjective times, final TimeToObjective.Run run) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("consistency", run.model());
        json.put("seconds", times.seconds(run));
        json.put("ratio", times.ratio(run));
        json.put("lateMillisPerClock", times.millisPerClock(run));
        json.put("lateRatio", times.paceRatio(run));
        json.put("trainSeconds", run.trainSeconds());
        json.put("waitSeconds", run.waitSeconds());
        json.put("test", run.test());
        return json;
    }

    private static Map<String, Object> reads(final String model, final int staleness,
            final StalenessComparison.Reads reads) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("consistency", model);
        json.put("staleness", staleness);
        json.put("slowed", histogram(reads.slowed()));
        json.put("others", histogram(reads.others()));
        json.put("all", histogram(reads.all()));
        return json;
    }

    private static Map<String, Object> histogram(final Histogram histogram) {
        final Map<String, Object> lags = new LinkedHashMap<>();
        histogram.reads().reversed().forEach((lag, reads) -> lags.put(Integer.toString(-lag), reads));
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("meanLag", histogram.meanLag());
        json.put("shareUpToLag1", histogram.shareUpTo(1));
        json.put("stalenessHistogram", lags);
        return json;
    }
}
