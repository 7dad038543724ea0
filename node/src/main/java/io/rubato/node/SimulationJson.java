package io.rubato.node;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rubato.simulator.SimulationResult;
import io.rubato.simulator.check.Violation;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Results of simulations as JSON. */
final class SimulationJson {
    private SimulationJson() {
    }

    /** Of one run. */
    static String format(final SimulationResult result) {
        return text(json -> run(json, result));
    }

    /** Of the experiment. */
    static String format(final PspExperiment.Outcome outcome) {
        return text(json -> {
            json.writeStartObject();
            json.writeStringField("experiment", "psp");
            json.writeBooleanField("modelsInOrder", outcome.modelsInOrder());
            json.writeBooleanField("sweepInOrder", outcome.sweepInOrder());
            runs(json, "models", outcome.models());
            runs(json, "sweep", outcome.sweep());
            json.writeEndObject();
        });
    }

    private static void runs(final JsonGenerator json, final String key, final List<SimulationResult> runs)
            throws IOException {
        json.writeArrayFieldStart(key);
        for (final SimulationResult run : runs) {
            run(json, run);
        }
        json.writeEndArray();
    }

    private static void run(final JsonGenerator json, final SimulationResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("consistency", SimulationText.models(result));
        json.writeNumberField("workers", result.scenario().workers());
        json.writeNumberField("clients", result.scenario().clients());
        json.writeNumberField("shards", result.scenario().shards());
        json.writeNumberField("seed", result.scenario().seed());
        json.writeNumberField("virtualSeconds", result.virtualSeconds());
        json.writeNumberField("stepsMean", result.stepsMean());
        json.writeNumberField("stepsMin", result.stepsMin());
        json.writeNumberField("stepsMax", result.stepsMax());
        json.writeNumberField("barrierMessagesPerStep", result.barrierMessagesPerStep());
        json.writeNumberField("waitFraction", result.waitFraction());
        json.writeNumberField("messages", result.messageCount());
        json.writeObjectFieldStart("messagesByKind");
        for (final Map.Entry<String, SimulationResult.Traffic> kind : result.messages().entrySet()) {
            json.writeObjectFieldStart(kind.getKey());
            json.writeNumberField("sent", kind.getValue().sent());
            json.writeNumberField("bytes", kind.getValue().bytes());
            json.writeNumberField("lost", kind.getValue().lost());
            json.writeNumberField("copied", kind.getValue().copied());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeObjectFieldStart("stalenessHistogram");
        for (final Map.Entry<Long, Long> reads : result.stalenessHistogram().entrySet()) {
            json.writeNumberField(reads.getKey().toString(), reads.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("violations", result.violationCount());
        json.writeArrayFieldStart("firstViolations");
        for (final Violation violation : result.violations()) {
            json.writeString(violation.toString());
        }
        json.writeEndArray();
        json.writeStringField("outcome", SimulationText.outcome(result));
        json.writeEndObject();
    }

    private static String text(final Content content) {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            content.write(json);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }
}
