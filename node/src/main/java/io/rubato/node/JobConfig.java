package io.rubato.node;

import io.rubato.Encoding;
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
 * @param model        consistency of the learner's tables
 * @param workers      worker processes, at least 1
 * @param threads      workers in each, at least 1
 * @param shards       shard processes, at least 1
 * @param clocks       as given, at least 1; {@link #clocksToRun} is what each worker goes through
 * @param workPerClock share of its data per clock, as given, above 0; {@link #workPerClockToRun} is what a worker
 *                     processes
 * @param seed         of everything random
 * @param media        what carries messages
 * @param oneSided     whether workers read from the memory of shards on their machine
 * @param wire         how rows of floats travel
 * @param data         file with training data
 * @param test         file with held-out data; empty to hold out a part of {@code data}
 * @param out          directory for the model; empty to write none
 * @param slow         a straggler by intention, or null
 * @param noiseFloor   test error that a perfect model would have, in the learner's metric; NaN if unknown
 * @param options      of the learner itself, by name
 */
record JobConfig(String learner, JobModel model, int workers, int threads, int shards, int clocks,
        double workPerClock,
        long seed, Media media, OneSided oneSided, Encoding wire, String data, String test, String out, SlowWorker slow,
        double noiseFloor,
        SortedMap<String, String> options) {
    /** Longest {@link #format text}, in UTF-8. */
    static final int MAX_BYTES = 32 * 1024;
    static final String WIRE = "wire";
    /** What a key has that is missing. */
    static final Map<String, String> DEFAULTS =
            Map.ofEntries(Map.entry("learner", "mf"), Map.entry("workers", "2"), Map.entry("threads", "1"),
                    Map.entry("shards", "1"),
                    Map.entry("clocks", Integer.toString(MfOptions.DEFAULT_CLOCKS)),
                    Map.entry("work-per-clock", Double.toString(MfOptions.DEFAULT_WORK_PER_CLOCK)),
                    Map.entry("seed", "1"), Map.entry("transport", "ipc"), Map.entry("one-sided", "auto"),
                    Map.entry(WIRE, "exact"), Map.entry("test", ""),
                    Map.entry("out", ""), Map.entry("noise-floor", "NaN"));
    static final int MAX_PROCESSES = 1024;
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

    /** Whether workers read from the memory of shards on their machine. */
    enum OneSided {
        /** Where it can be done. */
        AUTO,
        /** Where the model allows it; a job fails if it cannot be done there. */
        ON,
        /** Nowhere. */
        OFF;

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
        if (clocks % model.merged() != 0) {
            throw new UsageException("clocks must be a multiple of staleness + 1 = " + model.merged()
                    + " under absp, so that the same work is done, got " + clocks);
        }
        if (wire == Encoding.BF16 && model.consistency().isValueBounded()) {
            throw new UsageException(WIRE + " must be exact under vap: rounding a row may change it by more than the"
                    + " value bound");
        }
        if (slow != null && slow.index() >= workers * threads) {
            throw new UsageException("slow-worker: there is no worker " + slow.index() + " among " + workers * threads);
        }
    }

    /** Clocks that each worker goes through: fewer where some are run as one. */
    int clocksToRun() {
        return clocks / model.merged();
    }

    /** Share of its data that a worker processes in each of them. */
    double workPerClockToRun() {
        return workPerClock * model.merged();
    }

    static void inRange(final String key, final int value, final int max) {
        if (value < 1 || value > max) {
            throw new UsageException(key + " must be 1 to " + max + ", got " + value);
        }
    }

    /** A job from its keys; one that is missing has its default. */
    static JobConfig of(final Map<String, String> given) {
        final JobKeys keys = new JobKeys(given, DEFAULTS);
        final SortedMap<String, String> options = new TreeMap<>();
        given.forEach((key, value) -> {
            if (key.startsWith(OPTION)) {
                options.put(key.substring(OPTION.length()), keys.text(key));
            }
        });
        final JobConfig config = new JobConfig(keys.text("learner"), JobModel.take(keys), keys.integer("workers"),
                keys.integer("threads"), keys.integer("shards"), keys.integer("clocks"),
                keys.number("work-per-clock"), keys.whole("seed"), media(keys.text("transport")),
                oneSided(keys.text("one-sided")), wire(keys.text(WIRE)), keys.text("data"),
                keys.text("test"), keys.text("out"), slow(keys.text("slow-worker", null)), keys.number("noise-floor"),
                options);
        if (!keys.left().isEmpty()) {
            throw new UsageException("a job has no key '" + keys.left().firstKey() + "'");
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
        properties.putAll(model.keys());
        properties.put("workers", Integer.toString(workers));
        properties.put("threads", Integer.toString(threads));
        properties.put("shards", Integer.toString(shards));
        properties.put("clocks", Integer.toString(clocks));
        properties.put("work-per-clock", Double.toString(workPerClock));
        properties.put("seed", Long.toString(seed));
        properties.put("transport", media.toString());
        properties.put("one-sided", oneSided.toString());
        properties.put(WIRE, wireName());
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

    /** As on the command line. */
    String wireName() {
        return wire.name().toLowerCase(Locale.ROOT);
    }

    private static Encoding wire(final String value) {
        return switch (value) {
            case "exact" -> Encoding.EXACT;
            case "bf16" -> Encoding.BF16;
            default -> throw new UsageException(WIRE + " must be exact or bf16, got '" + value + "'");
        };
    }

    private static Media media(final String value) {
        return switch (value) {
            case "ipc" -> Media.IPC;
            case "udp" -> Media.UDP;
            default -> throw new UsageException("transport must be ipc or udp, got '" + value + "'");
        };
    }

    private static OneSided oneSided(final String value) {
        return switch (value) {
            case "auto" -> OneSided.AUTO;
            case "on" -> OneSided.ON;
            case "off" -> OneSided.OFF;
            default -> throw new UsageException("one-sided must be on or off, got '" + value + "'");
        };
    }

    private static SlowWorker slow(final String value) {
        try {
            return value == null ? null : SlowWorker.parse(value);
        } catch (final IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }
}
