package io.rubato.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code train mf} wrote: the file of {@code --json}, or {@code model.json}. */
final class TrainResult {
    private final Map<String, Object> json;

    private TrainResult(final Map<String, Object> json) {
        this.json = json;
    }

    static TrainResult read(final Path file) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException(file + ": expected one JSON object");
            }
            return new TrainResult(object(parser));
        }
    }

    private static Map<String, Object> object(final JsonParser parser) throws IOException {
        final Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String key = parser.currentName();
            parser.nextToken();
            object.put(key, value(parser));
        }
        return object;
    }

    private static Object value(final JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                final List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    double number(final String key) {
        return (Double) json.get(key);
    }

    /** The values of a list of points; NaN where there is none. */
    double[] values(final String key) {
        return ((List<?>) json.get(key)).stream().map(point -> (Double) ((Map<?, ?>) point).get("value"))
                .mapToDouble(value -> value == null ? Double.NaN : value).toArray();
    }

    /** Staleness of one worker's reads of a table. */
    Histogram staleness(final int worker, final String table) {
        for (final Object each : (List<?>) ((Map<?, ?>) ((List<?>) json.get("perWorker")).get(worker)).get("tables")) {
            if (((Map<?, ?>) each).get("name").equals(table)) {
                return Histogram.of((Map<?, ?>) ((Map<?, ?>) each).get("stalenessHistogram"));
            }
        }
        throw new IllegalArgumentException("no table " + table);
    }

    /** The objective over time, each point the mean over {@code window} clocks. */
    ObjectiveCurve objective(final int window) {
        final List<?> clocks = (List<?>) json.get("objective");
        final double[] seconds = new double[clocks.size()];
        final double[] values = new double[clocks.size()];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = (Double) ((Map<?, ?>) clocks.get(i)).get("seconds");
            values[i] = (Double) ((Map<?, ?>) clocks.get(i)).get("value");
        }
        return ObjectiveCurve.smoothed(seconds, values, window);
    }
}
