package io.rubato.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Every benchmark that needs more than two rows sets itself up and does what its baseline does, once and untimed. */
class BenchmarkSetupTest {
    @Test
    void cachedReadsSumTheSameRowsAsThePlainArray() {
        for (final String order : new String[] {"random", "sequential"}) {
            assertEquals(cachedRead(order, CachedReadBenchmark::plainSum),
                    cachedRead(order, CachedReadBenchmark::getSum));
            assertEquals(cachedRead(order, CachedReadBenchmark::plainDot),
                    cachedRead(order, CachedReadBenchmark::getDot));
        }
    }

    private interface Read {
        float from(CachedReadBenchmark benchmark);
    }

    private static float cachedRead(final String order, final Read read) {
        final CachedReadBenchmark benchmark = new CachedReadBenchmark();
        benchmark.rows = 1000;
        benchmark.order = order;
        benchmark.attach();
        try {
            final float total = read.from(benchmark);
            assertTrue(total > 0, "the rows are empty");
            return total;
        } finally {
            benchmark.close();
        }
    }

    @Test
    void incrementsNeitherBlockNorLeaveTheCacheBehind() {
        final IncBenchmark benchmark = new IncBenchmark();
        benchmark.columns = 32;
        benchmark.attach();
        try {
            final double before = cached(benchmark);
            benchmark.inc();
            benchmark.twoAdds();
            double bare = 0;
            for (int row = 0; row < IncBenchmark.ROWS; row++) {
                bare += benchmark.cache.memory().get(JAVA_FLOAT, benchmark.cache.offset(row));
            }
            assertTrue(bare > 0, "nothing was added");
            assertEquals(bare, cached(benchmark) - before, 1e-6 * bare);
        } finally {
            benchmark.close();
        }
    }

    private static double cached(final IncBenchmark benchmark) {
        double total = 0;
        for (int row = 0; row < IncBenchmark.ROWS; row++) {
            total += benchmark.worker.get(benchmark.table, row).getFloat(0);
        }
        return total;
    }

    @Test
    void aShardAppliesEveryPreparedBatch() {
        final DeltaBatchApplyBenchmark benchmark = new DeltaBatchApplyBenchmark();
        benchmark.attach();
        try {
            benchmark.shard();
            final double applied = total(benchmark);
            benchmark.bareAdd();
            assertTrue(applied > 0, "nothing was applied");
            assertEquals(2 * applied, total(benchmark), 1e-6 * applied);
        } finally {
            benchmark.close();
        }
    }

    private static double total(final DeltaBatchApplyBenchmark benchmark) {
        double total = 0;
        for (int row = 0; row < DeltaBatchApplyBenchmark.ROWS; row++) {
            total += benchmark.slab.get(row, 0);
        }
        return total;
    }

    @Test
    void slabAndPlainArrayHoldTheSameRows() {
        final SlabBenchmark benchmark = new SlabBenchmark();
        benchmark.open();
        try {
            benchmark.slabAdd();
            assertEquals(SlabBenchmark.VISITS, benchmark.oneSidedRead());
            final float last = benchmark.slabRead().getAtIndex(JAVA_FLOAT, 0);
            assertTrue(last > 0, "the slab is empty");
        } finally {
            benchmark.close();
        }
    }
}
