package io.rubato.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line of {@code scripts/bench consistency}: options with a value each. */
final class ConsistencyArguments {
    static final String USAGE = """
            usage: scripts/bench consistency [OPTION VALUE]...
              --users N (2000)  --items N (1500)  --ratings N (300000)   what is generated
              --workers N (3)  --shards N (1)  --rank K (8)  --learning-rate ETA (0.002)  --work-per-clock F (0.25)
              --seed K (1)
             staleness with one worker slowed:
              --slow MILLIS (30)      what worker 1 sleeps in each clock
              --slow-clocks N (120)   clocks of each run
             time to an objective with a rotating straggler:
              --rotate MILLIS (100)   what another worker sleeps in each clock
              --rotate-clocks N (300) clocks of each run; long enough that the seconds in which the JVM compiles are few
              --staleness S (3)       of ssp, essp, pssp and absp; S + 1 must divide the clocks
              --sample B (1)          of pssp
              --json FILE             the same as one JSON object""";

    private static final String JSON = "--json";
    private static final List<String> OF_TRAIN =
            List.of("--workers", "--shards", "--rank", "--learning-rate", "--work-per-clock", "--seed");

    private final Map<String, String> options = new LinkedHashMap<>();

    /**
     * Parses.
     *
     * @throws IllegalArgumentException with a sentence if it cannot
     */
    ConsistencyArguments(final String... arguments) {
        options.putAll(Map.ofEntries(Map.entry("--users", "2000"), Map.entry("--items", "1500"),
                Map.entry("--ratings", "300000"), Map.entry("--workers", "3"), Map.entry("--shards", "1"),
                Map.entry("--rank", "8"), Map.entry("--learning-rate", "0.002"), Map.entry("--work-per-clock", "0.25"),
                Map.entry("--slow-clocks", "120"), Map.entry("--rotate-clocks", "300"),
                Map.entry("--seed", "1"), Map.entry("--slow", "30"), Map.entry("--rotate", "100"),
                Map.entry("--staleness", "3"), Map.entry("--sample", "1")));
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException("every option has a value; " + USAGE);
        }
        for (int i = 0; i < arguments.length; i += 2) {
            if (!options.containsKey(arguments[i]) && !arguments[i].equals(JSON)) {
                throw new IllegalArgumentException(arguments[i] + " is no option of this measurement; " + USAGE);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        if (json() != null && !Files.isDirectory(json().toAbsolutePath().getParent())) {
            throw new IllegalArgumentException("--json " + json() + ": there is no such directory");
        }
        if (whole("--workers") < 2) {
            throw new IllegalArgumentException("--workers must be at least 2, got " + whole("--workers"));
        }
        if (whole("--rotate-clocks") % (staleness() + 1) != 0) {
            throw new IllegalArgumentException("--rotate-clocks must be a multiple of --staleness + 1 = "
                    + (staleness() + 1) + ", got " + whole("--rotate-clocks"));
        }
    }

    int whole(final String name) {
        try {
            return Integer.parseInt(options.get(name));
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number, got " + options.get(name), e);
        }
    }

    double workPerClock() {
        try {
            return Double.parseDouble(options.get("--work-per-clock"));
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--work-per-clock must be a number, got " + options.get("--work-per-clock"), e);
        }
    }

    int staleness() {
        return whole("--staleness");
    }

    /** Where the JSON goes; null if nowhere. */
    Path json() {
        return options.containsKey(JSON) ? Path.of(options.get(JSON)) : null;
    }

    /** Options of {@code train mf} for a model and a worker that is slow in each clock. */
    List<String> ofSlow(final List<String> model, final int worker) {
        return ofTrain(model, "--slow-clocks", worker + ":" + whole("--slow"));
    }

    /** Options of {@code train mf} for a model and a straggler that rotates. */
    List<String> ofRotating(final List<String> model) {
        return ofTrain(model, "--rotate-clocks", "rotate:" + whole("--rotate"));
    }

    private List<String> ofTrain(final List<String> model, final String clocks, final String slowWorker) {
        final List<String> flat = new ArrayList<>();
        OF_TRAIN.forEach(name -> flat.addAll(List.of(name, options.get(name))));
        flat.addAll(List.of("--clocks", options.get(clocks), "--slow-worker", slowWorker));
        flat.addAll(model);
        return flat;
    }
}
