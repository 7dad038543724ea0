package io.rubato.simulator.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.coordinator.JobReport;
import io.rubato.testing.LocalCluster;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class AuditLearnerTest {
    @Test
    void auditsThreadsThatReallyRunInParallel() {
        final ConcurrentLinkedQueue<Violation> violations = new ConcurrentLinkedQueue<>();
        final Workload workload = new Workload(1,
                List.of(new TableSpec("a", 20, 6, ElementType.I64, Consistency.ssp(2)),
                        new TableSpec("b", 5, 2, ElementType.I64, Consistency.essp(1))),
                20, 10, 0.2, 4, 0.2, 0.5, 3, 0.4, 0.3, 1, true);
        final JobReport report = new LocalCluster(2, 3, 2).bytes(400, 4_000)
                .run(worker -> new AuditLearner(workload, AuditObserver.NONE, violations::add).run(worker));
        assertEquals(List.of(), List.copyOf(violations));
        assertEquals("audit", report.result().metric());
        assertEquals(20, report.workers().getFirst().clocks());
        // Ten reads in each clock, every row at the end, and each row that was opened for writing.
        assertTrue(report.workers().getFirst().rowsRead() > 20 * 10 + 25);
    }
}
