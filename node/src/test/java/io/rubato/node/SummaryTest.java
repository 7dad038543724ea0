package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.JobResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void saysWhoComputedAndWaitedHowStaleReadsWereAndWhatCameOut() {
        final JobConfig config = JobConfig.of(Map.of("data", "/r.tsv", "clocks", "2"));

        final List<String> lines = Summary.of(config, Reports.twoWorkers(new JobResult("rmse", 0.5, 0.75, "/model")));

        assertEquals("""
                mf: 2 workers in 2 processes, 1 shard, ssp(3), 2 clocks, 1.00 s of training

                  worker   clocks   computing     waiting   rows read   from cache
                       0        2      0.75 s      0.25 s         200       75.0 %
                       1        2      0.75 s      0.25 s         200       75.0 %

                  staleness of the rows read (clock of the data minus clock of the reader)
                      -1   10.00 %  ####
                       0   90.00 %  ####################################

                  rmse     train 0.5000, test 0.7500
                  model    /model
                  speed    1.0 k items/s""", String.join("\n", lines));
    }
}
