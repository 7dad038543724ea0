package io.rubato.bench;

import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Micro-benchmarks and their baselines that take turns in a JVM of their own; nanoseconds per operation. */
final class TurnsRole implements ChildMain.Role {
    /** Keeps results alive. */
    private double total;

    @Override
    public Map<String, Double> on(final String... words) {
        final long milliseconds = Long.parseLong(words[1]);
        return switch (words[0]) {
            case "cached-read" ->
                cachedRead(milliseconds, Integer.parseInt(words[2]), CachedReadBenchmark::getDot);
            case "cached-runs" ->
                cachedRead(milliseconds, Integer.parseInt(words[2]), CachedReadBenchmark::getRunDot);
            case "apply" -> apply(milliseconds);
            default -> throw new IllegalArgumentException("no benchmark " + words[0]);
        };
    }

    private Map<String, Double> cachedRead(final long milliseconds, final int rows,
            final ToDoubleFunction<CachedReadBenchmark> reads) {
        final CachedReadBenchmark benchmark = new CachedReadBenchmark();
        benchmark.rows = rows;
        benchmark.order = "random";
        benchmark.attach();
        try {
            final Turns turns =
                    Turns.measure(() -> total += reads.applyAsDouble(benchmark), () -> total += benchmark.plainDot(),
                            milliseconds);
            return answer(turns, CachedReadBenchmark.READS);
        } finally {
            benchmark.close();
        }
    }

    private Map<String, Double> apply(final long milliseconds) {
        final DeltaBatchApplyBenchmark benchmark = new DeltaBatchApplyBenchmark();
        benchmark.attach();
        try {
            return answer(Turns.measure(benchmark::shard, benchmark::bareAdd, milliseconds),
                    DeltaBatchApplyBenchmark.ROWS_PER_INVOCATION);
        } finally {
            benchmark.close();
        }
    }

    private Map<String, Double> answer(final Turns turns, final int operations) {
        return Map.of("first", turns.firstNs() / operations, "second", turns.secondNs() / operations, "total",
                total);
    }
}
