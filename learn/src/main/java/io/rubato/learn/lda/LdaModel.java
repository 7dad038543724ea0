package io.rubato.learn.lda;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rubato.ElementType;
import io.rubato.JobResult;
import io.rubato.learn.model.ModelDirectory;
import io.rubato.learn.model.NpyWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model on disk: {@code words.npy} with the number of tokens of each word (row) and topic (column), {@code
 * totals.npy} with their sums over all words, {@code topics.txt} with a line for each topic, {@code topic tokens word
 * word ...}, its most frequent words first, and {@code model.json}, which says how it was trained.
 */
final class LdaModel {
    private static final String DESCRIPTION = "model.json";
    private static final String WORDS = "words.npy";
    private static final String TOTALS = "totals.npy";
    private static final String TOPICS = "topics.txt";
    private static final int FORMAT_VERSION = 1;
    private static final int MOST_WORDS = 20;

    private final LdaOptions options;
    private final LdaData data;
    private final JobResult result;
    private final int[] totals;
    private final int[] sums;
    private final TopWords top;

    LdaModel(final LdaOptions options, final LdaData data, final JobResult result) {
        this.options = options;
        this.data = data;
        this.result = result;
        totals = new int[options.topics()];
        sums = new int[options.topics()];
        top = new TopWords(options.topics(), MOST_WORDS);
    }

    /**
     * Checks the final counts, and writes them if a directory is given.
     *
     * @param lookahead rows that are asked for ahead of the one that is read
     * @throws IllegalStateException if a count is not what the data demand
     */
    void write(final CountTables counts, final int lookahead) throws IOException {
        counts.readFinalTotals(totals);
        if (options.out() == null) {
            check(counts, lookahead, null);
            return;
        }
        try (ModelDirectory directory = new ModelDirectory(options.out())) {
            try (NpyWriter words = new NpyWriter(directory.stage(WORDS), ElementType.I32, data.train().vocabulary(),
                    options.topics())) {
                check(counts, lookahead, words);
            }
            try (NpyWriter all = new NpyWriter(directory.stage(TOTALS), ElementType.I32, 1, options.topics())) {
                all.writeRow(MemorySegment.ofArray(totals), 0);
            }
            listTopics(directory.stage(TOPICS));
            describe(directory.stage(DESCRIPTION));
            directory.commit();
        }
    }

    /** Reads each row once. */
    private void check(final CountTables counts, final int lookahead, final NpyWriter writer) throws IOException {
        final int[] frequencies = data.train().frequencies();
        final int[] row = new int[options.topics()];
        int asked = 0;
        for (int word = 0; word < frequencies.length; word++) {
            while (asked < frequencies.length && asked <= word + lookahead) {
                counts.refreshFinalWord(asked++);
            }
            CountTables.copy(counts.readFinalWord(word), row);
            require(addUp(row, word), frequencies[word], "word " + (word + 1));
            top.add(word, row);
            if (writer != null) {
                writer.writeRow(MemorySegment.ofArray(row), 0);
            }
        }
        for (int k = 0; k < sums.length; k++) {
            require(totals[k], sums[k], "topic " + k);
        }
    }

    /** Adds a word's counts to those of all words; returns how many tokens it has. */
    private long addUp(final int[] row, final int word) {
        long sum = 0;
        for (int k = 0; k < row.length; k++) {
            if (row[k] < 0) {
                throw new IllegalStateException("word " + (word + 1) + " has " + row[k] + " tokens of topic " + k);
            }
            sum += row[k];
            sums[k] += row[k];
        }
        return sum;
    }

    private static void require(final long found, final long expected, final String what) {
        if (found != expected) {
            throw new IllegalStateException("the audit of the tokens of " + what + " failed: the table says " + found
                    + ", it must be " + expected);
        }
    }

    private void listTopics(final Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int k = 0; k < totals.length; k++) {
                out.write(k + "\t" + totals[k] + "\t");
                for (int place = 0; place < top.most() && top.word(k, place) >= 0; place++) {
                    final int word = top.word(k, place);
                    out.write((place == 0 ? "" : " ")
                            + (data.names() == null ? Integer.toString(word + 1) : data.names()[word]));
                }
                out.write('\n');
            }
        }
    }

    private void describe(final Path file) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("learner", "lda");
            json.writeNumberField("version", FORMAT_VERSION);
            json.writeStringField("prediction",
                    "p(word | topic) = (words[word, topic] + beta) / (totals[topic] + W beta)");
            json.writeNumberField("topics", options.topics());
            json.writeNumberField("alpha", options.alpha());
            json.writeNumberField("beta", options.beta());
            json.writeStringField("metric", result.metric());
            writeNumber(json, "train", result.train());
            writeNumber(json, "test", result.test());
            writeOptions(json);
            json.writeObjectFieldStart("tables");
            writeTable(json, "words", WORDS, data.train().vocabulary(), "tokens per topic");
            writeTable(json, "totals", TOTALS, 1, "tokens per topic, all words");
            json.writeEndObject();
            json.writeStringField("topWords", TOPICS);
            if (data.names() == null) {
                json.writeNullField("vocabulary");
            } else {
                json.writeFieldName("vocabulary");
                json.writeArray(data.names(), 0, data.names().length);
            }
            json.writeEndObject();
        }
    }

    private void writeOptions(final JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("options");
        json.writeStringField("data", options.data().toString());
        json.writeStringField("testData", options.test() == null ? null : options.test().toString());
        json.writeNumberField("documents", data.train().documents());
        json.writeNumberField("tokens", data.train().tokens());
        json.writeNumberField("seed", options.seed());
        json.writeNumberField("workPerClock", options.workPerClock());
        json.writeNumberField("clocks", options.clocks());
        json.writeStringField("consistency", options.consistency().toString());
        json.writeEndObject();
    }

    private void writeTable(final JsonGenerator json, final String name, final String file, final int rows,
            final String layout) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("file", file);
        json.writeStringField("type", "i32");
        json.writeNumberField("rows", rows);
        json.writeNumberField("columns", options.topics());
        json.writeStringField("layout", layout);
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
}
