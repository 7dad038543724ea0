package io.rubato.learn.mf;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rubato.JobResult;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.Worker;
import io.rubato.learn.model.ModelDirectory;
import io.rubato.learn.model.NpyWriter;
import io.rubato.learn.ratings.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A model on disk: {@code items.npy} and {@code users.npy} with a row {@code [factors, bias]} for each item and user,
 * and {@code model.json}, which says how it was trained, and what the file of ratings calls each row ({@code itemIds},
 * {@code userIds}, in the order of the rows).
 */
final class MfModel {
    private static final String DESCRIPTION = "model.json";
    private static final String ITEMS = "items.npy";
    private static final String USERS = "users.npy";
    private static final int FORMAT_VERSION = 1;
    /** Rows asked for ahead of the row that is written. */
    private static final int LOOKAHEAD_ROWS = 256;

    private final MfOptions options;
    private final Split split;
    private final float mean;
    private final JobResult result;

    MfModel(final MfOptions options, final Split split, final float mean, final JobResult result) {
        this.options = options;
        this.split = split;
        this.mean = mean;
        this.result = result;
    }

    void write(final Worker worker, final Table items, final Table users) throws IOException {
        try (ModelDirectory directory = new ModelDirectory(options.out())) {
            writeTable(directory.stage(ITEMS), worker, items);
            writeTable(directory.stage(USERS), worker, users);
            describe(directory.stage(DESCRIPTION), items, users);
            directory.commit();
        }
    }

    private static void writeTable(final Path file, final Worker worker, final Table table) throws IOException {
        final long rows = table.spec().rows();
        try (NpyWriter writer = new NpyWriter(file, table.spec().type(), rows, table.spec().columns())) {
            for (long start = 0; start < rows; start += LOOKAHEAD_ROWS) {
                final long end = Math.min(rows, start + LOOKAHEAD_ROWS);
                for (long row = start; row < end; row++) {
                    worker.refresh(table, row, 0);
                }
                for (long row = start; row < end; row++) {
                    final Row image = worker.get(table, row, 0);
                    writer.writeRow(image.segment(), image.offset());
                }
            }
        }
    }

    private void describe(final Path file, final Table items, final Table users) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("learner", "mf");
            json.writeNumberField("version", FORMAT_VERSION);
            json.writeStringField("prediction", "globalMean + user bias + item bias + user factors . item factors");
            json.writeNumberField("rank", options.rank());
            json.writeNumberField("globalMean", mean);
            json.writeStringField("metric", result.metric());
            writeNumber(json, "train", result.train());
            writeNumber(json, "test", result.test());
            writeOptions(json);
            json.writeObjectFieldStart("tables");
            writeTable(json, items, ITEMS, "itemIds");
            writeTable(json, users, USERS, "userIds");
            json.writeEndObject();
            writeIds(json, "itemIds", split.all().itemIds());
            writeIds(json, "userIds", split.all().userIds());
            json.writeEndObject();
        }
    }

    private void writeOptions(final JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("options");
        json.writeStringField("data", options.data().toString());
        json.writeStringField("testData", options.test() == null ? null : options.test().toString());
        json.writeNumberField("testFraction", options.test() == null ? options.testFraction() : 0);
        json.writeNumberField("seed", options.seed());
        json.writeNumberField("learningRate", options.learningRate());
        json.writeNumberField("regularization", options.regularization());
        json.writeNumberField("workPerClock", options.workPerClock());
        json.writeNumberField("clocks", options.clocks());
        json.writeStringField("consistency", options.consistency().toString());
        json.writeEndObject();
    }

    private static void writeTable(final JsonGenerator json, final Table table, final String file, final String ids)
            throws IOException {
        json.writeObjectFieldStart(table.spec().name());
        json.writeStringField("file", file);
        json.writeStringField("type", table.spec().type().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("rows", table.spec().rows());
        json.writeNumberField("columns", table.spec().columns());
        json.writeStringField("layout", "factors 0..rank-1, bias");
        json.writeStringField("ids", ids);
        json.writeEndObject();
    }

    /** JSON has no NaN. */
    private static void writeNumber(final JsonGenerator json, final String name, final double value)
            throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    private static void writeIds(final JsonGenerator json, final String name, final String[] ids) throws IOException {
        json.writeFieldName(name);
        json.writeArray(ids, 0, ids.length);
    }
}
