package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.JobResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportJsonTest {
    private static final JobConfig CONFIG =
            JobConfig.of(Map.of("data", "/r.tsv", "consistency", "ssp", "staleness", "3", "option.rank", "8"));

    @Test
    void hasEveryKeyOfTheContract() {
        final Map<String, Object> json = Json.parse(ReportJson.format(CONFIG,
                Reports.twoWorkers(new JobResult("rmse", 0.5, 0.75, "/model")), 2.5, 101, 100));

        assertTrue(json.keySet()
                .containsAll(List.of("learner", "consistency", "staleness", "workers", "threads", "shards", "clocks",
                        "seconds", "trainSeconds", "objective", "metric", "train", "test", "itemsPerSecond",
                        "computeSeconds", "waitSeconds",
                        "stalenessHistogram", "deltaRowsSent", "deltaRowsApplied", "bytesSent", "rowsRead", "cacheHits",
                        "maxClockGap", "pids",
                        "model")),
                json.keySet().toString());
        assertEquals("ssp", json.get("consistency"));
        assertEquals(3.0, json.get("staleness"));
        assertEquals(2.5, json.get("firstClockSeconds"));
        assertEquals(Map.of("rank", "8"), json.get("options"));
        assertEquals(4.0, json.get("backPressured"));
        assertEquals(6.0, json.get("oneSidedDeltas"));
        assertEquals(0.75, json.get("test"));
        final List<?> objective = (List<?>) json.get("objective");
        assertEquals(Map.of("clock", 1.0, "seconds", 0.5, "value", 1.25, "test", 1.5), objective.getFirst());
        assertNull(((Map<?, ?>) objective.getLast()).get("test"));
        assertEquals("/model", json.get("model"));
    }

    @Test
    void whatDescribesTheModelIsThere() {
        final Map<String, Object> ssp = Json.parse(ReportJson.format(CONFIG, Reports.twoWorkers(null), 2.5, 101, 100));
        assertNull(ssp.get("sample"));
        assertNull(ssp.get("sampling"));
        assertNull(ssp.get("valueBound"));
        assertEquals("pull", ssp.get("propagation"));

        final Map<String, Object> pssp = json("consistency", "pssp", "sample", "2", "sampling", "peers",
                "propagation", "push");
        assertEquals("pssp", pssp.get("consistency"));
        assertEquals(2.0, pssp.get("sample"));
        assertEquals("peers", pssp.get("sampling"));
        assertEquals("push", pssp.get("propagation"));

        final Map<String, Object> dssp = json("consistency", "dssp", "staleness", "1..8");
        assertEquals(8.0, dssp.get("staleness"));
        assertEquals(1.0, dssp.get("leastStaleness"));

        final Map<String, Object> vap = json("consistency", "vap", "value-bound", "0.5/sqrt(t)");
        assertEquals(0.5, vap.get("valueBound"));
        assertEquals(true, vap.get("valueBoundDecays"));
    }

    @Test
    void aBspSaysWhatWasRunAndWhichPointItEquals() {
        final Map<String, Object> json =
                json("consistency", "absp", "staleness", "3", "work-per-clock", "0.25", "clocks",
                        "40");

        assertEquals("absp", json.get("consistency"));
        assertEquals(0.0, json.get("staleness"));
        assertEquals(10.0, json.get("clocks"));
        assertEquals(1.0, json.get("workPerClock"));
        assertEquals(Map.of("consistency", "ssp", "staleness", 3.0, "clocks", 40.0, "workPerClock", 0.25),
                json.get("equalBound"));
        assertNull(json("consistency", "bsp").get("equalBound"));
    }

    private static Map<String, Object> json(final String... keys) {
        final Map<String, String> given = new TreeMap<>(Map.of("data", "/r.tsv"));
        for (int i = 0; i < keys.length; i += 2) {
            given.put(keys[i], keys[i + 1]);
        }
        return Json.parse(ReportJson.format(JobConfig.of(given), Reports.twoWorkers(null), 2.5, 101, 100));
    }

    @Test
    void stalenessIsTheReadersOfEachTable() {
        final Map<String, Object> json = Json.parse(ReportJson.format(CONFIG, Reports.twoWorkers(null), 2.5, 101, 100));

        final Map<?, ?> items = (Map<?, ?>) ((List<?>) json.get("tables")).getFirst();
        assertEquals("items", items.get("name"));
        assertEquals(10.0, items.get("rows"));
        assertEquals(3.0, items.get("columns"));
        assertEquals("ssp(3)", items.get("consistency"));
        assertEquals(Map.of("-1", 10.0, "0", 90.0), items.get("stalenessHistogram"));
        final Map<?, ?> second = (Map<?, ?>) ((List<?>) json.get("perWorker")).get(1);
        assertEquals(Map.of("0", 60.0), ((Map<?, ?>) ((List<?>) second.get("tables")).getFirst())
                .get("stalenessHistogram"));
    }

    @Test
    void sumsOverWorkers() {
        final Map<String, Object> json = Json.parse(ReportJson.format(CONFIG, Reports.twoWorkers(null), 2.5, 101, 100));

        assertEquals(1.5, json.get("computeSeconds"));
        assertEquals(0.5, json.get("waitSeconds"));
        assertEquals(400.0, json.get("rowsRead"));
        assertEquals(300.0, json.get("cacheHits"));
        assertEquals(80.0, json.get("oneSidedReads"));
        assertEquals(3.0, json.get("maxClockGap"));
        assertEquals(Map.of("-1", 10.0, "0", 90.0), json.get("stalenessHistogram"));
    }

    @Test
    void pidsAreInTheOrderOfIndices() {
        final Map<String, Object> json = Json.parse(ReportJson.format(CONFIG, Reports.twoWorkers(null), 2.5, 101, 100));

        assertEquals(
                Map.of("driver", 100.0, "coordinator", 101.0, "shards", List.of(102.0), "workers",
                        List.of(103.0, 104.0)),
                json.get("pids"));
    }

    @Test
    void whatIsUnknownIsNull() {
        final Map<String, Object> json = Json.parse(ReportJson.format(CONFIG,
                Reports.twoWorkers(new JobResult("rmse", 0.5, Double.NaN, "")), 2.5, 101, 0));

        assertNull(json.get("test"));
        assertNull(json.get("model"));
        assertNull(((Map<?, ?>) json.get("pids")).get("driver"));
        assertNull(((Map<?, ?>) ((List<?>) json.get("objective")).get(1)).get("value"));
    }
}
