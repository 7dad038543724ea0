package io.rubato.node;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.JobResult;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.coordinator.ClockProgress;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.Member;
import io.rubato.coordinator.WorkerReport;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finished jobs for tests. */
final class Reports {
    private Reports() {
    }

    static JobReport twoWorkers(final JobResult result) {
        return new JobReport(result,
                List.of(new ClockProgress(1, 0.5, 1.25, 1.5, 500, 1_000),
                        new ClockProgress(2, 1, Double.NaN, Double.NaN, 1_000, 1_000)),
                2.5, 1, 1_000, 40, 40, 6, 3, 12_345, 4, 1, 2,
                List.of(worker(0, Map.of(-1L, 10L, 0L, 30L)), worker(1, Map.of(0L, 60L))),
                List.of(new Member(Member.Role.CLIENT, 1, 104, "ipc:4"), new Member(Member.Role.SHARD, 0, 102, "ipc:2"),
                        new Member(Member.Role.CLIENT, 0, 103, "ipc:3")),
                List.of(new Table(0, new TableSpec("items", 10, 3, ElementType.F32, Consistency.ssp(3)))));
    }

    /** One worker's reads by table id; the tables are t0, t1, ... */
    static JobReport reading(final Map<Integer, Map<Long, Long>> histograms) {
        final SortedMap<Integer, SortedMap<Long, Long>> byTable = new TreeMap<>();
        histograms.forEach((table, histogram) -> byTable.put(table, new TreeMap<>(histogram)));
        return new JobReport(null, List.of(), 2.5, 1, 1_000, 40, 40, 0, 3, 12_345, 0, 0, 0,
                List.of(new WorkerReport(0, 0, 2, 500, 0.75, 0.25, 200, 150, 40, byTable)), List.of(),
                histograms.keySet().stream().sorted().map(id -> new Table(id,
                        new TableSpec("t" + id, 10, 3, ElementType.F32, Consistency.ssp(3)))).toList());
    }

    private static WorkerReport worker(final int index, final Map<Long, Long> histogram) {
        return new WorkerReport(index, index, 2, 500, 0.75, 0.25, 200, 150, 40,
                new TreeMap<>(Map.of(0, new TreeMap<>(histogram))));
    }
}
