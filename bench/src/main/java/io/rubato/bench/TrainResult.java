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

/** What {@code train} wrote: the file of {@code --json}. */
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
        return ObjectiveCurve.smoothed(numbers(clocks, "seconds"), numbers(clocks, "value"), window);
    }

    /** The objective on held-out data over time. */
    ObjectiveCurve tests() {
        final List<?> points = ((List<?>) json.get("objective")).stream()
                .filter(clock -> ((Map<?, ?>) clock).get("test") != null).toList();
        return new ObjectiveCurve(numbers(points, "seconds"), numbers(points, "test"));
    }

    private static double[] numbers(final List<?> points, final String key) {
        return points.stream().mapToDouble(point -> (Double) ((Map<?, ?>) point).get(key)).toArray();
    }
}
