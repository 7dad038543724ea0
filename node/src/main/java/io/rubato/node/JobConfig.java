package io.rubato.node;

import io.rubato.Consistency;
import io.rubato.learn.mf.MfOptions;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a job is, the same in every process: the coordinator hands it to the workers at admission as {@link #format
 * text}, lines of {@code key=value} as {@link Properties} reads them. The keys are the names of the command line's
 * options.
 *
 * @param learner      which one
 * @param consistency  of the learner's tables
 * @param workers      worker processes, at least 1
 * @param threads      workers in each, at least 1
 * @param shards       shard processes, at least 1
 * @param clocks       each worker goes through, at least 1
 * @param workPerClock share of its data that a worker processes in a clock, above 0
 * @param seed         of everything random
 * @param media        what carries messages
 * @param data         file with training data
 * @param test         file with held-out data; empty to hold out a part of {@code data}
 * @param out          directory for the model; empty to write none
 * @param slow         a straggler by intention, or null
 * @param noiseFloor   test error that a perfect model would have, in the learner's metric; NaN if unknown
 * @param options      of the learner itself, by name
 */
record JobConfig(String learner, Consistency consistency, int workers, int threads, int shards, int clocks,
        double workPerClock,
        long seed, Media media, String data, String test, String out, SlowWorker slow, double noiseFloor,
        SortedMap<String, String> options) {
    /** Longest {@link #format text}, in UTF-8. */
    static final int MAX_BYTES = 32 * 1024;
    /** What a key has that is missing. */
    static final Map<String, String> DEFAULTS =
            Map.ofEntries(Map.entry("learner", "mf"), Map.entry("consistency", "ssp"),
                    Map.entry("workers", "2"), Map.entry("threads", "1"), Map.entry("shards", "1"),
                    Map.entry("clocks", Integer.toString(MfOptions.DEFAULT_CLOCKS)),
                    Map.entry("work-per-clock", Double.toString(MfOptions.DEFAULT_WORK_PER_CLOCK)),
                    Map.entry("seed", "1"), Map.entry("transport", "ipc"), Map.entry("test", ""),
                    Map.entry("out", ""), Map.entry("noise-floor", "NaN"));
    static final String SSP_STALENESS = "3";
    private static final int MAX_PROCESSES = 1024;
    static final String OPTION = "option.";

    /** What carries messages between processes. */
    enum Media {
        /** Shared memory, one machine. */
        IPC,
        /** The network. */
        UDP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    JobConfig {
        options = new TreeMap<>(options);
        inRange("workers", workers, MAX_PROCESSES);
        inRange("threads", threads, MAX_PROCESSES);
        inRange("shards", shards, MAX_PROCESSES);
        inRange("clocks", clocks, Integer.MAX_VALUE);
        if (!(workPerClock > 0 && workPerClock < Double.POSITIVE_INFINITY)) {
            throw new UsageException("work-per-clock must be above 0, got " + workPerClock);
        }
        if (slow != null && slow.index() >= workers * threads) {
            throw new UsageException("slow-worker: there is no worker " + slow.index() + " among " + workers * threads);
        }
    }

    private static void inRange(final String key, final int value, final int max) {
        if (value < 1 || value > max) {
            throw new UsageException(key + " must be 1 to " + max + ", got " + value);
        }
    }

    /** A job from its keys; one that is missing has its default. */
    static JobConfig of(final Map<String, String> given) {
        final Values values = new Values(new TreeMap<>(given));
        final SortedMap<String, String> options = new TreeMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith(OPTION)) {
                options.put(key.substring(OPTION.length()), values.text(key));
            }
        });
        final JobConfig config = new JobConfig(values.text("learner"), values.consistency(), values.integer("workers"),
                values.integer("threads"), values.integer("shards"), values.integer("clocks"),
                values.number("work-per-clock"),
                values.whole("seed"), values.media(), values.text("data"), values.text("test"), values.text("out"),
                values.slow(),
                values.number("noise-floor"), options);
        if (!values.left().isEmpty()) {
            throw new UsageException("a job has no key '" + values.left().firstKey() + "'");
        }
        return config;
    }

    /** The inverse of {@link #format}. */
    static JobConfig parse(final String text) {
        final Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (final IOException | IllegalArgumentException e) {
            throw new UsageException("a job is described by lines of key=value: " + e.getMessage());
        }
        return of(properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(key -> key, properties::getProperty)));
    }

    /** The text that {@link #parse} reads. */
    String format() {
        final Properties properties = new Properties();
        properties.put("learner", learner);
        properties.put("consistency", consistency.model().name().toLowerCase(Locale.ROOT));
        properties.put("staleness", Integer.toString(consistency.staleness()));
        properties.put("workers", Integer.toString(workers));
        properties.put("threads", Integer.toString(threads));
        properties.put("shards", Integer.toString(shards));
        properties.put("clocks", Integer.toString(clocks));
        properties.put("work-per-clock", Double.toString(workPerClock));
        properties.put("seed", Long.toString(seed));
        properties.put("transport", media.toString());
        properties.put("data", data);
        properties.put("test", test);
        properties.put("out", out);
        properties.put("noise-floor", Double.toString(noiseFloor));
        if (slow != null) {
            properties.put("slow-worker", slow.toString());
        }
        options.forEach((name, value) -> properties.put(OPTION + name, value));
        final StringWriter text = new StringWriter();
        try {
            properties.store(text, null);
        } catch (final IOException e) {
            throw new AssertionError("a StringWriter does not fail", e);
        }
        // The first line is the date.
        final String result = text.toString().lines().skip(1).collect(Collectors.joining("\n", "", "\n"));
        if (result.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new UsageException("the job's description is longer than " + MAX_BYTES + " bytes: shorten its paths");
        }
        return result;
    }

    /** Takes values out of a map, so that what is left at the end is unknown. */
    private record Values(SortedMap<String, String> left) {
        String text(final String key) {
            final String value = left.remove(key);
            final String result = value == null ? DEFAULTS.get(key) : value;
            if (result == null) {
                throw new UsageException("a job needs the key '" + key + "'");
            }
            return result;
        }

        int integer(final String key) {
            final long value = whole(key);
            if (value != (int) value) {
                throw new UsageException(key + " is out of range: " + value);
            }
            return (int) value;
        }

        long whole(final String key) {
            final String value = text(key);
            try {
                return Long.parseLong(value);
            } catch (final NumberFormatException e) {
                throw new UsageException(key + " must be a whole number, got '" + value + "'");
            }
        }

        double number(final String key) {
            final String value = text(key);
            try {
                return Double.parseDouble(value);
            } catch (final NumberFormatException e) {
                throw new UsageException(key + " must be a number, got '" + value + "'");
            }
        }

        Consistency consistency() {
            final String model = text("consistency");
            left.putIfAbsent("staleness", model.equals("ssp") ? SSP_STALENESS : "0");
            final int staleness = integer("staleness");
            if (staleness < 0) {
                throw new UsageException("staleness must be at least 0, got " + staleness);
            }
            if (staleness > 0 && (model.equals("bsp") || model.equals("asp"))) {
                throw new UsageException("staleness belongs to ssp; " + model + " has none, got " + staleness);
            }
            return switch (model) {
                case "bsp" -> Consistency.bsp();
                case "ssp" -> Consistency.ssp(staleness);
                case "asp" -> Consistency.asp();
                case "essp", "vap", "pbsp", "pssp", "dssp" -> throw new UsageException(
                        "consistency " + model + " is not available yet; use bsp, ssp or asp");
                default -> throw new UsageException("consistency must be bsp, ssp or asp, got '" + model + "'");
            };
        }

        Media media() {
            final String value = text("transport");
            return switch (value) {
                case "ipc" -> Media.IPC;
                case "udp" -> Media.UDP;
                default -> throw new UsageException("transport must be ipc or udp, got '" + value + "'");
            };
        }

        SlowWorker slow() {
            final String value = left.remove("slow-worker");
            try {
                return value == null ? null : SlowWorker.parse(value);
            } catch (final IllegalArgumentException e) {
                throw new UsageException(e.getMessage());
            }
        }
    }
}
