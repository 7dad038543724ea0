package io.rubato.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Repetitions of one measurement.
 *
 * @param values in the order in which they were taken; at least one
 */
record Samples(List<Double> values) {
    Samples {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no sample");
        }
    }

    static Samples of(final double... values) {
        return new Samples(Arrays.stream(values).boxed().toList());
    }

    /** Each sample over the one that was taken beside it. */
    Samples over(final Samples others) {
        if (others.values.size() != values.size()) {
            throw new IllegalArgumentException("samples were not taken side by side");
        }
        final double[] ratios = new double[values.size()];
        Arrays.setAll(ratios, i -> values.get(i) / others.values.get(i));
        return of(ratios);
    }

    /** The lesser of each sample and the one that was taken beside it. */
    Samples orLess(final Samples others) {
        final double[] least = new double[values.size()];
        Arrays.setAll(least, i -> Math.min(values.get(i), others.values.get(i)));
        return of(least);
    }

    Samples times(final double factor) {
        return new Samples(values.stream().map(value -> value * factor).toList());
    }

    /** Of an even number the mean of the middle two. */
    double median() {
        final double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("median", median());
        json.put("min", min());
        json.put("max", max());
        json.put("samples", values);
        return json;
    }
}
