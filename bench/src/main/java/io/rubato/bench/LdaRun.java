package io.rubato.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One training of topics.
 *
 * @param tokensPerSecond of training, all threads
 * @param curve           negative held-out log likelihood per token over the seconds of training
 */
record LdaRun(double tokensPerSecond, ObjectiveCurve curve) {
    double heldOut() {
        return -curve.last();
    }

    /** All numbers by name; the curve's as {@code s0 v0 s1 v1 ...}. */
    Map<String, Double> toMap() {
        final Map<String, Double> map = new LinkedHashMap<>();
        map.put("tokensPerSecond", tokensPerSecond);
        for (int i = 0; i < curve.values().length; i++) {
            map.put("s" + i, curve.seconds()[i]);
            map.put("v" + i, curve.values()[i]);
        }
        return map;
    }

    /** The inverse of {@link #toMap}. */
    static LdaRun of(final Map<String, Double> map) {
        final int points = (map.size() - 1) / 2;
        final double[] seconds = new double[points];
        final double[] values = new double[points];
        for (int i = 0; i < points; i++) {
            seconds[i] = map.get("s" + i);
            values[i] = map.get("v" + i);
        }
        return new LdaRun(map.get("tokensPerSecond"), new ObjectiveCurve(seconds, values));
    }
}
