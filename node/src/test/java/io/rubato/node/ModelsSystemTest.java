package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small job under each consistency model, with all its processes. */
class ModelsSystemTest {
    private static final double NOISE = 0.5;

    @TempDir
    private Path folder;
    private Path ratings;

    @BeforeEach
    void writeRatings() throws IOException {
        ratings = folder.resolve("ratings.tsv");
        PlantedRatings.generate(new PlantedRatings.Shape(300, 200, 20_000, 2, NOISE, 1)).write(ratings);
    }

    /** A sample of all other workers is the whole. */
    @ParameterizedTest
    @ValueSource(strings = {"essp --staleness 2", "dssp --staleness 1..4", "pssp --staleness 1 --sample 2"})
    void aBoundOnClocksHolds(final String model) {
        final Map<String, Object> json = train(model, "--slow-worker", "1:15");

        final double bound = (Double) json.get("staleness");
        final double gap = (Double) json.get("maxClockGap");
        assertTrue(gap <= bound && gap >= 1, json.toString());
        final Map<?, ?> histogram = (Map<?, ?>) json.get("stalenessHistogram");
        assertTrue(histogram.keySet().stream().allMatch(key -> Long.parseLong((String) key) >= -bound),
                json.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pbsp --propagation push", "pssp --staleness 2 --sampling peers",
            "asp --propagation push"})
    void trainsWithoutABoundOnAllClocks(final String model) {
        train(model, "--slow-worker", "rotate:10");
    }

    /** Whether rows come in messages or not, the bound holds and the same is learned. */
    @Test
    void oneSidedReadsChangeNothingButTheWay() {
        final Map<String, Object> on =
                train("ssp --staleness 2 --one-sided on", "--shards", "2", "--slow-worker", "1:15");
        final Map<String, Object> off =
                train("ssp --staleness 2 --one-sided off", "--shards", "2", "--slow-worker", "1:15");

        assertTrue((Double) on.get("oneSidedReads") > 0, on.toString());
        assertEquals(0.0, off.get("oneSidedReads"), off.toString());
        assertEquals(2.0, on.get("maxClockGap"), on.toString());
        assertEquals((Double) off.get("test"), (Double) on.get("test"), 0.03);
    }

    @Test
    void aTightValueBoundLearnsTheSame() {
        final Map<String, Object> wide = train("vap --value-bound 1000");
        final Map<String, Object> tight = train("vap --value-bound 0.03/sqrt(t)");

        assertEquals((Double) wide.get("test"), (Double) tight.get("test"), 0.03);
    }

    /** Equal-bound points, LazyTable: the same work, and the same delays. */
    @Test
    void abspDoesTheWorkOfSspInFewerClocks() {
        final Map<String, Object> ssp = run("ssp --staleness 3 --work-per-clock 0.25", "--slow-worker", "rotate:10");
        final Map<String, Object> absp = run("absp --staleness 3 --work-per-clock 0.25", "--slow-worker", "rotate:10");

        assertEquals(0.0, absp.get("maxClockGap"), absp.toString());
        assertEquals(20, ((List<?>) ssp.get("objective")).size());
        assertEquals(5, ((List<?>) absp.get("objective")).size());
        assertEquals(items(ssp), items(absp));
        // Five passes of a small job: which deltas a read finds moves it by some hundredths.
        assertEquals((Double) ssp.get("test"), (Double) absp.get("test"), 0.1);
    }

    private static double items(final Map<String, Object> json) {
        return ((List<?>) json.get("perWorker")).stream()
                .mapToDouble(worker -> (Double) ((Map<?, ?>) worker).get("items")).sum();
    }

    /** Twenty passes, with steps that are the shorter the staler the rows may be. */
    private Map<String, Object> train(final String model, final String... options) {
        final Map<String, Object> json = run(model + " --work-per-clock 1", options);
        assertTrue((Double) json.get("test") < 1.4 * NOISE, json.toString());
        return json;
    }

    private Map<String, Object> run(final String model, final String... options) {
        final List<String> arguments = new ArrayList<>(List.of("train", "mf", "--data", ratings.toString(), "--out",
                folder.resolve("model").toString(), "--json", "-", "--workers", "3", "--clocks", "20",
                "--rank", "4", "--regularization", "2", "--driver", "embedded",
                "--consistency"));
        arguments.addAll(List.of(model.split(" ")));
        arguments.addAll(List.of(options));
        final Map<String, Object> json = RunningProgram.json(arguments.toArray(String[]::new));

        assertTrue((Double) json.get("deltaRowsSent") > 0, json.toString());
        assertEquals(json.get("deltaRowsSent"), json.get("deltaRowsApplied"), json.toString());
        assertEquals(0.0, json.get("badMessages"), json.toString());
        return json;
    }
}
