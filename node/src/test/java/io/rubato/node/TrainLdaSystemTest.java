package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.words.PlantedCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topics found by whole jobs; the learner itself fails if a count is lost or doubled. */
class TrainLdaSystemTest {
    private static final int WORDS = 60;
    private static final int TOPICS = 5;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"ssp,auto,ipc", "essp,off,ipc", "dssp,auto,ipc", "ssp,off,udp"})
    void findsPlantedTopics(final String consistency, final String oneSided, final String transport)
            throws IOException {
        final List<String> options = new ArrayList<>(List.of("--consistency", consistency, "--transport", transport,
                "--workers", "2", "--shards", "2", "--clocks", "60", "--work-per-clock", "0.5", "--beta", "0.5"));
        if (!oneSided.equals("auto")) {
            options.addAll(List.of("--one-sided", oneSided));
        }
        final Map<String, Object> json = train(options);

        assertEquals("lda", json.get("learner"));
        assertEquals("logLikelihoodPerToken", json.get("metric"));
        assertEquals(60, ((List<?>) json.get("objective")).size());
        // Each token is of one of two topics of 12 words; log(1 / 60) were these not found.
        assertTrue((Double) json.get("test") > Math.log(1.0 / 36), json.toString());
        assertTrue((Double) json.get("train") > Math.log(1.0 / 36), json.toString());
        assertEquals(json.get("deltaRowsSent"), json.get("deltaRowsApplied"), json.toString());
        assertEquals(TOPICS, Files.readAllLines(folder.resolve("model").resolve("topics.txt")).size());
        assertTrue(Files.exists(Path.of((String) json.get("model"), "model.json")), json.toString());
    }

    @Test
    void hasDefaultsOfItsOwn() throws IOException {
        final Map<String, Object> json = train(List.of("--topics", "3"));

        assertEquals(200.0, json.get("clocks"));
        assertEquals(1.0, json.get("workPerClock"));
    }

    private Map<String, Object> train(final List<String> options) throws IOException {
        final Path data = folder.resolve("train.txt");
        PlantedCorpus.generate(new PlantedCorpus.Shape(400, 40, WORDS, TOPICS, 2, 0.05, 1)).write(data);
        final Path test = folder.resolve("test.txt");
        PlantedCorpus.generate(new PlantedCorpus.Shape(100, 40, WORDS, TOPICS, 2, 0.05, 2)).write(test);
        final List<String> arguments = new ArrayList<>(List.of("train", "lda", "--data", data.toString(), "--test",
                test.toString(), "--out", folder.resolve("model").toString(), "--json", "-"));
        if (!options.contains("--topics")) {
            arguments.addAll(List.of("--topics", Integer.toString(TOPICS)));
        }
        arguments.addAll(options);
        return RunningProgram.json(arguments.toArray(String[]::new));
    }
}
