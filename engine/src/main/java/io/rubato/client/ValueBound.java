package io.rubato.client;

/**
 * The rule of VAP (Dai et al. 2015): what of an element any reader may not see stays within a bound. Each reader may
 * see the worker's deltas up to another one, so it is not enough to look at the sum of those that not all see: what one
 * of them misses of +1 +1 -1 -1 may be the last two.
 */
final class ValueBound {
    private ValueBound() {
    }

    /** Whether a delta to an element would go too far; one that is larger than the bound may go alone. */
    static boolean passes(final WorkerTable table, final int row, final int column, final double delta,
            final double bound) {
        return table.deltas().hasUnseen(row) && isAbove(table, row, column, delta, bound);
    }

    /** Whether a delta to a whole row, which lies at an address, would, in any element. */
    static boolean passes(final WorkerTable table, final int row, final long delta, final double bound) {
        if (!table.deltas().hasUnseen(row)) {
            return false;
        }
        for (int column = 0; column < table.spec().columns(); column++) {
            if (isAbove(table, row, column, Elements.get(table.spec().type(), delta, column), bound)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAbove(final WorkerTable table, final int row, final int column, final double delta,
            final double bound) {
        return table.deltas().mostUnseen(row, column, delta) > bound;
    }
}
