package io.rubato.simulator.check;

import io.rubato.ElementType;
import io.rubato.TableSpec;

/**
 * Which deltas every worker adds to one table, a pure function of worker, clock and row. Deltas are positive, so that
 * what a row holds of a worker only grows. Immutable.
 */
final class AuditPlan {
    /** Deltas stream if those of the clock before could have. */
    private static final int CLOCKS_OF_A_STREAM = 4;
    private static final long STREAMS = 0xA0761D6478BD642FL;

    private final long base;
    private final TableSpec spec;
    private final double touched;
    private final int pieces;
    private final long seed;
    private final double streams;
    /** Of 64 random bits, so that the largest delta is 2^20, or {@link Workload#MAX_FLOAT_DELTA}. */
    private final int shift;

    AuditPlan(final Workload workload, final int table) {
        this.base = mix(workload.seed() * 31 + table);
        this.spec = workload.tables().get(table);
        this.touched = workload.touched();
        this.pieces = workload.pieces();
        this.seed = workload.seed();
        this.streams = workload.streams();
        this.shift = spec.type() == ElementType.F32 ? Long.numberOfLeadingZeros(Workload.MAX_FLOAT_DELTA - 1) : 44;
    }

    TableSpec spec() {
        return spec;
    }

    /**
     * Whether the worker adds to each row once and whole in the clock: the sum of its pieces. The same for all tables,
     * but value-bounded ones: a reader may miss as much as the largest delta there.
     */
    boolean streams(final int worker, final long clock) {
        return !spec.consistency().isValueBounded()
                && unit(mix(seed ^ STREAMS ^ mix(worker * 0x9E3779B97F4A7C15L + clock / CLOCKS_OF_A_STREAM))) < streams;
    }

    private static double unit(final long key) {
        return (key >>> 11) * 0x1.0p-53;
    }

    int column(final int worker) {
        return worker % spec.columns();
    }

    /** How many deltas the worker adds to the row in the clock. */
    int pieces(final int worker, final long clock, final long row) {
        return pieces(key(worker, clock, row));
    }

    private int pieces(final long key) {
        return unit(key) < touched ? 1 + (int) ((key & 0x7FF) * pieces >>> 11) : 0;
    }

    /** The i-th of them, 1 to 2^20, or of F32 to 2^16. */
    long piece(final int worker, final long clock, final long row, final int i) {
        return piece(key(worker, clock, row), i);
    }

    private long piece(final long key, final int i) {
        return 1 + (mix(key + i + 1) >>> shift);
    }

    /**
     * The part of a delta that a reader may see without the rest: under VAP a worker may have to wait between two
     * columns of a sparse delta, and be it the same column twice; 0 if there is none.
     */
    long visiblePart(final long delta) {
        return spec.consistency().isValueBounded() && isSparse(delta) ? delta / 2 : 0;
    }

    /** Whether a delta is added as two halves in one call. */
    static boolean isSparse(final long delta) {
        return delta % 3 == 1;
    }

    /** Their sum. */
    long total(final int worker, final long clock, final long row) {
        final long key = key(worker, clock, row);
        long total = 0;
        for (int i = pieces(key) - 1; i >= 0; i--) {
            total += piece(key, i);
        }
        return total;
    }

    private long key(final int worker, final long clock, final long row) {
        return mix(mix(mix(base + worker * 0x9E3779B97F4A7C15L) + clock * 0xC2B2AE3D27D4EB4FL)
                + row * 0x165667B19E3779F9L);
    }

    /** The finaliser of SplitMix64. */
    static long mix(final long value) {
        long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
