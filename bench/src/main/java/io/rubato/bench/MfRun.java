package io.rubato.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One training.
 *
 * @param ratingsPerSecond of training, all workers
 * @param testRmse         on the held-out ratings
 * @param seconds          in all
 * @param trainSeconds     from the first rating to the last
 */
record MfRun(double ratingsPerSecond, double testRmse, double seconds, double trainSeconds) {
    /**
     * What {@code train mf --json} wrote.
     *
     * @throws IOException if the file cannot be read or lacks a number that is needed
     */
    static MfRun read(final Path file) throws IOException {
        final Map<String, Double> numbers = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException(file + ": expected one JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final String name = json.currentName();
                if (json.nextToken().isNumeric()) {
                    numbers.put(name, json.getDoubleValue());
                }
                json.skipChildren();
            }
        }
        for (final String name : List.of("itemsPerSecond", "test", "seconds", "trainSeconds")) {
            if (!numbers.containsKey(name)) {
                throw new IOException(file + ": expected a number under " + name);
            }
        }
        return new MfRun(numbers.get("itemsPerSecond"), numbers.get("test"), numbers.get("seconds"),
                numbers.get("trainSeconds"));
    }

    /** Each measure's own median: of an even number of runs the mean of the middle two. */
    static MfRun median(final List<MfRun> runs) {
        return new MfRun(median(runs, MfRun::ratingsPerSecond), median(runs, MfRun::testRmse),
                median(runs, MfRun::seconds), median(runs, MfRun::trainSeconds));
    }

    private static double median(final List<MfRun> runs, final ToDoubleFunction<MfRun> measure) {
        final double[] sorted = runs.stream().mapToDouble(measure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
