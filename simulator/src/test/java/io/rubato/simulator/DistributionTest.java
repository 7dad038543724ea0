package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
    @ParameterizedTest
    @ValueSource(strings = {"constant:10.0ms", "uniform:1.0us..5.0ms", "exponential:2.0s", "pareto:1.0ms,1.5",
            "lognormal:70.0ns,0.8<=3.0s"})
    void readsWhatItWrites(final String text) {
        assertEquals(text, Distribution.parse(text).toString());
    }

    @Test
    void aBareDurationIsConstant() {
        assertEquals(Distribution.constant(2_500), Distribution.parse("2.5us"));
        assertEquals(Distribution.constant(3e9), Distribution.parse("3s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "ms", "constant:-1s", "uniform:5ms", "uniform:5ms..1ms", "pareto:1ms,0",
            "gauss:1ms", "lognormal:1ms", "2h", "5000s", "1ms<=2h"})
    void saysWhatItExpected(final String text) {
        final Exception e = assertThrows(IllegalArgumentException.class, () -> Distribution.parse(text));
        assertTrue(e.getMessage().contains("expected constant:10ms"), e.getMessage());
    }

    /** Medians in closed form: a wrong formula shifts them far more than chance does. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"constant:1ms|1.0", "uniform:1ms..5ms|3.0", "exponential:1ms|0.693",
            "pareto:1ms,2|1.414", "lognormal:1ms,1.5|1.0", "pareto:1ms,2<=1.2ms|1.2"})
    void hasTheRightMedian(final String text, final double medianMs) {
        final Distribution distribution = Distribution.parse(text);
        final SplittableRandom random = new SplittableRandom(1);
        final long[] drawn = new long[20_001];
        Arrays.setAll(drawn, i -> distribution.draw(random));
        Arrays.sort(drawn);
        assertEquals(medianMs, drawn[10_000] / 1e6, 0.05 * medianMs);
    }

    @Test
    void nothingIsNegativeOrEndless() {
        final SplittableRandom random = new SplittableRandom(1);
        final Distribution wild = Distribution.pareto(1e9, 0.05);
        for (int i = 0; i < 1_000; i++) {
            final long ns = wild.draw(random);
            assertTrue(ns >= 1_000_000_000 && ns <= Distribution.MAX_NS);
        }
    }
}
