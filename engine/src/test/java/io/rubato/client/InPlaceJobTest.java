package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.coordinator.JobReport;
import io.rubato.testing.LocalCluster;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole jobs in one process whose workers write rows in place, beside what they add. */
class InPlaceJobTest {
    private static final int ROWS = 37;
    private static final int CLOCKS = 40;

    /** What is written in place is there at once for the writer, and in the end for all, beside what is added. */
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 3", "67108864, 2"})
    void rowsWrittenInPlaceAreExact(final long bytes, final int staleness) {
        final JobReport report = new LocalCluster(2, 2, 2).bytes(bytes, bytes).run(worker -> {
            final Table table = worker.createTable(
                    new TableSpec("t", ROWS, worker.workers(), ElementType.I32, Consistency.ssp(staleness)));
            final SplittableRandom random = new SplittableRandom(worker.index());
            final int[] made = new int[ROWS];
            for (int c = 0; c < CLOCKS; c++) {
                for (int i = 0; i < 2 * ROWS; i++) {
                    final int id = random.nextInt(ROWS);
                    if (random.nextInt(3) == 0) {
                        worker.inc(table, id, worker.index(), 1L);
                        made[id]++;
                    }
                    final Row row = worker.edit(table, id);
                    assertEquals(made[id], row.getInt(worker.index()));
                    row.setInt(worker.index(), row.getInt(worker.index()) + 2);
                    worker.inc(table, id, worker.index(), 4L);
                    row.setInt(worker.index(), row.getInt(worker.index()) + 8);
                    made[id] += 14;
                    assertEquals(made[id], worker.get(table, id).getInt(worker.index()));
                }
                worker.clock();
            }
            for (int id = 0; id < ROWS; id++) {
                assertEquals(made[id], worker.get(table, id, 0).getInt(worker.index()));
            }
        });
        assertEquals(report.deltaRowsSent(), report.deltaRowsApplied());
    }

    /** As those, opened in runs: twice in one, beside rows that are open, and more than the cache has room for. */
    @ParameterizedTest
    @CsvSource({"1, 1, 0", "1, 2, 3", "67108864, 1, 0", "67108864, 2, 2"})
    void rowsOpenedInRunsAreExact(final long bytes, final int shards, final int staleness) {
        for (final Consistency consistency : List.of(Consistency.ssp(staleness), Consistency.essp(staleness))) {
            final JobReport report = new LocalCluster(shards, 2, 2).bytes(bytes, bytes).run(worker -> {
                final Table table = worker.createTable(
                        new TableSpec("t", ROWS, worker.workers(), ElementType.I32, consistency));
                final SplittableRandom random = new SplittableRandom(worker.index());
                final int[] made = new int[ROWS];
                for (int c = 0; c < CLOCKS; c++) {
                    worker.inc(table, random.nextInt(ROWS), worker.index(), 0L);
                    write(worker, table, random.nextInt(ROWS), made);
                    final long[] run = random.longs(ROWS, 0, ROWS).toArray();
                    worker.edit(table, run, ROWS - 1);
                    for (int i = 0; i < ROWS - 1; i++) {
                        write(worker, table, (int) run[i], made);
                    }
                    worker.edit(table, run, 0);
                    worker.clock();
                }
                for (int id = 0; id < ROWS; id++) {
                    assertEquals(made[id], worker.get(table, id, 0).getInt(worker.index()));
                }
            });
            assertEquals(report.deltaRowsSent(), report.deltaRowsApplied());
            assertTrue(report.maxClockGap() <= staleness, "a gate let a lead of " + report.maxClockGap() + " through");
        }
    }

    private static void write(final Worker worker, final Table table, final int id, final int[] made) {
        final Row row = worker.edit(table, id);
        assertEquals(made[id], row.getInt(worker.index()));
        row.setInt(worker.index(), ++made[id]);
    }

    @Test
    void aValueBoundedRowIsNotWrittenInPlace() {
        new LocalCluster(1, 1, 1).run(worker -> {
            final Table table =
                    worker.createTable(new TableSpec("t", 1, 1, ElementType.F32, Consistency.vap(1)));
            final String refusal =
                    "table t bounds the value of each delta, and what is written in place is known at clock() only:"
                            + " use inc";
            assertEquals(refusal,
                    assertThrows(IllegalArgumentException.class, () -> worker.edit(table, 0)).getMessage());
            assertEquals(refusal, assertThrows(IllegalArgumentException.class,
                    () -> worker.edit(table, new long[] {0}, 1)).getMessage());
        });
    }
}
