package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.testing.LocalCluster;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deltas to a few columns of a wide row, which the log keeps as a list. */
class ListedDeltasTest {
    /** Of every type: at once in the copy that is held, exactly, and in a new one after the clock. */
    @ParameterizedTest
    @EnumSource
    void aListOfColumnsShowsAtOnceAndExactly(final ElementType type) {
        // Not to be had in a shorter type: 2^40 + 1, or a third.
        final double third = type == ElementType.F32 ? (float) (1 / 3.0) : 1 / 3.0;
        final long whole = type == ElementType.I32 ? Integer.MAX_VALUE / 4 : (1L << 40) + 1;
        new LocalCluster(2, 1, 1).run(worker -> {
            final Table table = worker.createTable(new TableSpec("t", 3, 100, type, Consistency.bsp()));
            for (int clock = 1; clock <= 3; clock++) {
                for (int row = 0; row < 3; row++) {
                    worker.get(table, row);
                    final int[] columns = {99, 0};
                    switch (type) {
                        case F32 -> worker.inc(table, row, columns, new float[] {(float) third, 2}, 2);
                        case F64 -> worker.inc(table, row, columns, new double[] {third, 2}, 2);
                        default -> worker.inc(table, row, columns, new long[] {whole, 2}, 2);
                    }
                    check(worker.get(table, row), type, clock, third, whole);
                }
                worker.clock();
                for (int row = 0; row < 3; row++) {
                    check(worker.get(table, row), type, clock, third, whole);
                }
            }
        });
    }

    private static void check(final Row row, final ElementType type, final int clock, final double third,
            final long whole) {
        switch (type) {
            case F32 -> assertEquals(clock == 1 ? (float) third : clock == 2 ? (float) third * 2 : (float) third * 2
                    + (float) third, row.getFloat(99));
            case F64 ->
                assertEquals(clock == 1 ? third : clock == 2 ? third * 2 : third * 2 + third, row.getDouble(99));
            case I32 -> assertEquals(clock * whole, row.getInt(99));
            case I64 -> assertEquals(clock * whole, row.getLong(99));
        }
    }
}
