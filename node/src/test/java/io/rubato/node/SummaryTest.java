package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.JobResult;
import io.rubato.coordinator.JobReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void saysWhoComputedAndWaitedHowStaleReadsWereAndWhatCameOut() {
        final JobConfig config = JobConfig.of(Map.of("data", "/r.tsv", "clocks", "2"));

        final List<String> lines =
                Summary.of(config, Reports.twoWorkers(new JobResult("rmse", 0.5, 0.75, "/model")), 2.5);

        assertEquals("""
                mf: 2 workers in 2 processes, 1 shard, ssp(3), 2 clocks, 1.00 s of training

                  worker   clocks   computing     waiting   rows read   from cache   one-sided
                       0        2      0.75 s      0.25 s         200       75.0 %          40
                       1        2      0.75 s      0.25 s         200       75.0 %          40

                  staleness of the rows read (clock of the data minus clock of the reader)
                      -1   10.00 %  ####
                       0   90.00 %  ####################################

                  rmse     train 0.5000, test 0.7500
                  model    /model
                  speed    1.0 k items/s, first clock done 2.50 s after the command""", String.join("\n", lines));
    }

    @Test
    void whatMeasuresNothingPassed() {
        final JobConfig config = JobConfig.of(Map.of("learner", "audit", "data", ""));
        final JobResult result = new JobResult("audit", Double.NaN, Double.NaN, "");

        assertTrue(Summary.of(config, Reports.twoWorkers(result), 2.5).contains("  audit    passed"));
    }

    @Test
    void tablesAreToldApartWhereSeveralHaveReadsThatMatter() {
        final JobReport report = Reports.reading(Map.of(0, Map.of(0L, 900L), 1, Map.of(-1L, 95L), 2, Map.of(0L, 5L)));

        assertEquals(List.of("",
                "  staleness of the rows read of table t0 (clock of the data minus clock of the reader)",
                "       0  100.00 %  " + "#".repeat(40), "",
                "  staleness of the rows read of table t1 (clock of the data minus clock of the reader)",
                "      -1  100.00 %  " + "#".repeat(40)), StalenessTable.lines(report));
    }

    @Test
    void aLongTailSharesALine() {
        final Map<Long, Long> lags = new TreeMap<>();
        for (long lag = 0; lag < 100; lag++) {
            lags.put(-lag, 1L);
        }

        final List<String> lines = StalenessTable.lines(Reports.reading(Map.of(0, lags)));

        assertEquals(2 + 17, lines.size());
        assertEquals("   <=-16   84.00 %  ##################################", lines.get(2));
        assertEquals("     -15    1.00 %  #", lines.get(3));
        assertEquals("       0    1.00 %  #", lines.getLast());
    }

    @Test
    void nothingReadIsNothingSaid() {
        assertEquals(List.of(), StalenessTable.lines(Reports.reading(Map.of())));
    }
}
