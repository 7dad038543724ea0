package io.rubato.node;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rubato.Consistency;
import io.rubato.Table;
import io.rubato.coordinator.ClockProgress;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.Member;
import io.rubato.coordinator.WorkerReport;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** A finished job as one JSON object; its keys are a contract that grows only. What is unknown is null, NaN too. */
final class ReportJson {
    private ReportJson() {
    }

    /**
     * The object, with a line end.
     *
     * @param firstClockSeconds from the command to the end of the first clock
     * @param coordinatorPid    process id of the coordinator
     * @param driverPid         process id of the driver, or 0 if unknown
     */
    static String format(final JobConfig config, final JobReport report, final double firstClockSeconds,
            final long coordinatorPid, final long driverPid) {
        final StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            job(json, config);
            number(json, "firstClockSeconds", firstClockSeconds);
            quality(json, report);
            work(json, report);
            pids(json, report, coordinatorPid, driverPid);
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static void job(final JsonGenerator json, final JobConfig config) throws IOException {
        json.writeStringField("learner", config.learner());
        consistency(json, config.model());
        json.writeNumberField("workers", config.workers());
        json.writeNumberField("threads", config.threads());
        json.writeNumberField("shards", config.shards());
        json.writeNumberField("clocks", config.clocksToRun());
        json.writeNumberField("workPerClock", config.workPerClockToRun());
        equalBound(json, config);
        json.writeNumberField("seed", config.seed());
        json.writeStringField("transport", config.media().toString());
        json.writeStringField("oneSided", config.oneSided().toString());
        json.writeStringField("wire", config.wireName());
        json.writeStringField("data", config.data());
        json.writeObjectFieldStart("options");
        for (final Map.Entry<String, String> option : config.options().entrySet()) {
            json.writeStringField(option.getKey(), option.getValue());
        }
        json.writeEndObject();
    }

    private static void consistency(final JsonGenerator json, final JobModel model) throws IOException {
        final Consistency consistency = model.consistency();
        json.writeStringField("consistency", model.name());
        json.writeNumberField("staleness", consistency.staleness());
        json.writeNumberField("leastStaleness", consistency.leastStaleness());
        json.writeStringField("propagation", model.propagation());
        if (model.samples()) {
            json.writeNumberField("sample", consistency.sample());
            json.writeStringField("sampling", model.sampling());
        } else {
            json.writeNullField("sample");
            json.writeNullField("sampling");
        }
        number(json, "valueBound", consistency.isValueBounded() ? consistency.valueBound() : Double.NaN);
        json.writeBooleanField("valueBoundDecays", consistency.isDecaying());
    }

    /** The SSP point whose bound and work a run of A-BSP equals. */
    private static void equalBound(final JsonGenerator json, final JobConfig config) throws IOException {
        if (config.model().isMerged()) {
            json.writeObjectFieldStart("equalBound");
            json.writeStringField("consistency", "ssp");
            json.writeNumberField("staleness", config.model().merged() - 1);
            json.writeNumberField("clocks", config.clocks());
            json.writeNumberField("workPerClock", config.workPerClock());
            json.writeEndObject();
        } else {
            json.writeNullField("equalBound");
        }
    }

    private static void quality(final JsonGenerator json, final JobReport report) throws IOException {
        number(json, "seconds", report.seconds());
        number(json, "trainSeconds", report.trainSeconds());
        json.writeArrayFieldStart("objective");
        int trained = 0;
        for (final ClockProgress clock : report.objective()) {
            trained++;
            json.writeStartObject();
            // Not the engine's number: learners use some clocks to set up and to collect.
            json.writeNumberField("clock", trained);
            number(json, "seconds", clock.seconds());
            number(json, "value", clock.objective());
            number(json, "test", clock.test());
            json.writeEndObject();
        }
        json.writeEndArray();
        final boolean concluded = report.result() != null;
        json.writeStringField("metric", concluded ? report.result().metric() : null);
        number(json, "train", concluded ? report.result().train() : Double.NaN);
        number(json, "test", concluded ? report.result().test() : Double.NaN);
        json.writeStringField("model",
                concluded && !report.result().model().isEmpty() ? report.result().model() : null);
    }

    private static void work(final JsonGenerator json, final JobReport report) throws IOException {
        number(json, "itemsPerSecond", report.itemsPerSecond());
        number(json, "computeSeconds", sum(report, WorkerReport::computeSeconds));
        number(json, "waitSeconds", sum(report, WorkerReport::waitSeconds));
        histogram(json, StalenessTable.histogram(report));
        json.writeNumberField("deltaRowsSent", report.deltaRowsSent());
        json.writeNumberField("deltaRowsApplied", report.deltaRowsApplied());
        json.writeNumberField("oneSidedDeltas", report.oneSidedDeltas());
        json.writeNumberField("bytesSent", report.bytesSent());
        json.writeNumberField("backPressured", report.backPressured());
        json.writeNumberField("duplicates", report.duplicates());
        json.writeNumberField("badMessages", report.badMessages());
        json.writeNumberField("rowsRead", total(report, WorkerReport::rowsRead));
        json.writeNumberField("cacheHits", total(report, WorkerReport::cacheHits));
        json.writeNumberField("oneSidedReads", total(report, WorkerReport::oneSidedReads));
        json.writeNumberField("maxClockGap", report.maxClockGap());
        tables(json, report);
        perWorker(json, report);
    }

    private static void tables(final JsonGenerator json, final JobReport report) throws IOException {
        json.writeArrayFieldStart("tables");
        for (final Table table : report.tables()) {
            json.writeStartObject();
            json.writeStringField("name", table.spec().name());
            json.writeNumberField("rows", table.spec().rows());
            json.writeNumberField("columns", table.spec().columns());
            json.writeStringField("type", table.spec().type().name().toLowerCase(Locale.ROOT));
            json.writeStringField("consistency", table.spec().consistency().toString());
            histogram(json, StalenessTable.histogram(report, table));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void perWorker(final JsonGenerator json, final JobReport report) throws IOException {
        json.writeArrayFieldStart("perWorker");
        for (final WorkerReport worker : report.workers()) {
            json.writeStartObject();
            json.writeNumberField("worker", worker.worker());
            json.writeNumberField("process", worker.client());
            json.writeNumberField("clocks", worker.clocks());
            json.writeNumberField("items", worker.items());
            number(json, "computeSeconds", worker.computeSeconds());
            number(json, "waitSeconds", worker.waitSeconds());
            json.writeNumberField("rowsRead", worker.rowsRead());
            json.writeNumberField("cacheHits", worker.cacheHits());
            json.writeNumberField("oneSidedReads", worker.oneSidedReads());
            histogram(json, worker.stalenessHistogram());
            json.writeArrayFieldStart("tables");
            for (final Table table : report.tables()) {
                json.writeStartObject();
                json.writeStringField("name", table.spec().name());
                histogram(json, worker.stalenessByTable().getOrDefault(table.id(), Collections.emptySortedMap()));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void pids(final JsonGenerator json, final JobReport report, final long coordinator,
            final long driver)
            throws IOException {
        json.writeObjectFieldStart("pids");
        if (driver == 0) {
            json.writeNullField("driver");
        } else {
            json.writeNumberField("driver", driver);
        }
        json.writeNumberField("coordinator", coordinator);
        pids(json, "shards", Member.Role.SHARD, report);
        pids(json, "workers", Member.Role.CLIENT, report);
        json.writeEndObject();
    }

    private static void pids(final JsonGenerator json, final String key, final Member.Role role, final JobReport report)
            throws IOException {
        final long[] pids = report.members().stream().filter(member -> member.role() == role)
                .sorted(java.util.Comparator.comparingInt(Member::index)).mapToLong(Member::pid).toArray();
        json.writeFieldName(key);
        json.writeArray(pids, 0, pids.length);
    }

    private static void histogram(final JsonGenerator json, final SortedMap<Long, Long> histogram) throws IOException {
        json.writeObjectFieldStart("stalenessHistogram");
        for (final Map.Entry<Long, Long> entry : histogram.entrySet()) {
            json.writeNumberField(entry.getKey().toString(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void number(final JsonGenerator json, final String key, final double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(key, value);
        } else {
            json.writeNullField(key);
        }
    }

    private static double sum(final JobReport report, final ToDoubleFunction<WorkerReport> what) {
        return report.workers().stream().mapToDouble(what).sum();
    }

    private static long total(final JobReport report, final ToLongFunction<WorkerReport> what) {
        return report.workers().stream().mapToLong(what).sum();
    }
}
