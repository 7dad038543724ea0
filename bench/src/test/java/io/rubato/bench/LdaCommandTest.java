package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LdaCommandTest {
    private static final LdaSettings SETTINGS = new LdaSettings(100, 0.1f, 0.1f, 30, 2);

    @TempDir
    private Path directory;

    @Test
    void malletIsScoredByTheLearnersEvaluator() throws IOException {
        final LdaCorpus corpus = LdaCorpus.generate(directory, 2_000, 60);
        final LdaRun run = MalletRole.train(corpus.data(), corpus.test(), SETTINGS);
        assertEquals(10, run.curve().values().length);
        // Better than all words alike, and better the longer it runs.
        assertTrue(run.heldOut() > Math.log(1.0 / 3000) && run.heldOut() < 0, run.toString());
        assertTrue(run.curve().last() < run.curve().first(), run.toString());
        assertEquals(120_000.0 * 30, run.tokensPerSecond() * run.curve().seconds()[9], 1);
        assertEquals(run.toMap(), LdaRun.of(run.toMap()).toMap());
    }

    @Test
    void ratesAreComparedAtTheLikelihoodThatBothReach() {
        final LdaRun trained = run(10, new double[] {1, 2, 3}, new double[] {8, 7, 6});
        final LdaRun mallet = run(12, new double[] {2, 4, 6}, new double[] {9, 8, 7});
        final LdaComparison comparison = new LdaComparison(SETTINGS, 6, trained, mallet);
        assertEquals(-7, comparison.commonLikelihood());
        assertEquals(2, comparison.secondsToCommon(trained));
        assertEquals(3, comparison.ratio());
        assertEquals(12, comparison.equalRate(mallet));
        assertEquals(36, comparison.equalRate(trained));
        assertEquals(3.0, comparison.json().get("ratio"));
    }

    @Test
    void theProgramIsEvaluatedAfterEachQuarterOfThePasses() {
        assertArrayEquals(new int[] {15, 30, 45, 60}, LdaRuns.points(60));
        assertArrayEquals(new int[] {1, 2, 3}, LdaRuns.points(3));
        assertArrayEquals(new int[] {1}, LdaRuns.points(1));
    }

    private static LdaRun run(final double rate, final double[] seconds, final double... values) {
        return new LdaRun(rate, new ObjectiveCurve(seconds, values));
    }
}
