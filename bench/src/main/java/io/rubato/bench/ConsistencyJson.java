package io.rubato.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/** The consistency measurement as one JSON object. */
final class ConsistencyJson {
    private ConsistencyJson() {
    }

    static String format(final List<StalenessComparison> comparisons, final TimeToObjective times) throws IOException {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeArrayFieldStart("staleness");
            for (final StalenessComparison comparison : comparisons) {
                reads(json, "ssp", comparison.staleness(), comparison.ssp());
                reads(json, "essp", comparison.staleness(), comparison.essp());
            }
            json.writeEndArray();
            json.writeNumberField("objective", times.objective());
            json.writeArrayFieldStart("timeToObjective");
            for (final TimeToObjective.Run run : times.runs()) {
                json.writeStartObject();
                json.writeStringField("consistency", run.model());
                json.writeNumberField("seconds", times.seconds(run));
                json.writeNumberField("ratio", times.ratio(run));
                json.writeNumberField("lateMillisPerClock", times.millisPerClock(run));
                json.writeNumberField("lateRatio", times.paceRatio(run));
                json.writeNumberField("trainSeconds", run.trainSeconds());
                json.writeNumberField("waitSeconds", run.waitSeconds());
                json.writeNumberField("test", run.test());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static void reads(final JsonGenerator json, final String model, final int staleness,
            final StalenessComparison.Reads reads) throws IOException {
        json.writeStartObject();
        json.writeStringField("consistency", model);
        json.writeNumberField("staleness", staleness);
        histogram(json, "slowed", reads.slowed());
        histogram(json, "others", reads.others());
        histogram(json, "all", reads.all());
        json.writeEndObject();
    }

    private static void histogram(final JsonGenerator json, final String name, final Histogram histogram)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("meanLag", histogram.meanLag());
        json.writeNumberField("shareUpToLag1", histogram.shareUpTo(1));
        json.writeObjectFieldStart("stalenessHistogram");
        for (final Map.Entry<Integer, Long> lag : histogram.reads().reversed().entrySet()) {
            json.writeNumberField(Integer.toString(-lag.getKey()), lag.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
