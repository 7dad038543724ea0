package io.rubato.bench;

import io.rubato.Consistency;
import io.rubato.Encoding;
import io.rubato.learn.mf.MfOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Options of one {@code train mf}, each with a value, which replace the defaults below. {@code train mf} itself judges
 * the values.
 */
final class MfArguments {
    private static final List<String> CHOSEN = List.of("--data", "--test", "--test-every", "--out", "--json");

    /** An evaluation takes a tenth of a pass or less. */
    private static final int PASSES_PER_TEST = 5;

    private final Map<String, String> options = new LinkedHashMap<>();

    /**
     * Parses.
     *
     * @throws IllegalArgumentException with a sentence if it cannot
     */
    MfArguments(final List<String> arguments) {
        options.put("--rank", "32");
        options.put("--workers", "2");
        options.put("--shards", "1");
        options.put("--consistency", "ssp");
        options.put("--staleness", "1");
        if (arguments.size() % 2 != 0) {
            throw new IllegalArgumentException("every option has a value, but " + arguments.getLast() + " has none");
        }
        for (int i = 0; i < arguments.size(); i += 2) {
            final String name = arguments.get(i);
            if (!name.startsWith("--") || CHOSEN.contains(name)) {
                throw new IllegalArgumentException(name + " is no option of this measurement");
            }
            options.put(name, arguments.get(i + 1));
        }
    }

    /** The same options with another rank and number of worker processes. */
    MfArguments with(final int rank, final int workers) {
        final List<String> changed = ofTrain();
        changed.addAll(List.of("--rank", Integer.toString(rank), "--workers", Integer.toString(workers)));
        return new MfArguments(changed);
    }

    /** Workers of all processes. */
    int workers() {
        return whole("--workers", options.get("--workers"))
                * whole("--threads", options.getOrDefault("--threads", "1"));
    }

    /** Of the ratings, the split and the initial factors. */
    long seed() {
        return whole("--seed", options.getOrDefault("--seed", "1"));
    }

    /** Share of the ratings that a clock goes through. */
    double workPerClock() {
        return number("--work-per-clock", MfOptions.DEFAULT_WORK_PER_CLOCK);
    }

    /** Options and values for {@code train mf}. */
    List<String> ofTrain() {
        final List<String> flat = new ArrayList<>();
        options.forEach((name, value) -> flat.addAll(List.of(name, value)));
        return flat;
    }

    /** Clocks from one evaluation to the next: {@value #PASSES_PER_TEST} passes over the ratings, or all. */
    int testEvery() {
        return Math.clamp(Math.round(PASSES_PER_TEST / workPerClock()), 1, Math.max(1, clocks()));
    }

    private int clocks() {
        return whole("--clocks", options.getOrDefault("--clocks", Integer.toString(MfOptions.DEFAULT_CLOCKS)));
    }

    /** The same for the learner itself; {@code out} is where its model goes. */
    MfOptions ofLearner(final Path data, final Path test, final Path out) {
        return new MfOptions(data, test, MfOptions.DEFAULT_TEST_FRACTION, seed(),
                whole("--rank", options.get("--rank")),
                (float) number("--learning-rate", MfOptions.DEFAULT_LEARNING_RATE),
                (float) number("--regularization", MfOptions.DEFAULT_REGULARIZATION), workPerClock(),
                clocks(), consistency(), out, Encoding.EXACT, testEvery());
    }

    private Consistency consistency() {
        final String model = options.get("--consistency");
        return switch (model) {
            case "bsp" -> Consistency.bsp();
            case "asp" -> Consistency.asp();
            case "ssp" -> Consistency.ssp(whole("--staleness", options.get("--staleness")));
            default -> throw new IllegalArgumentException("--consistency must be bsp, ssp or asp here, got " + model);
        };
    }

    private double number(final String name, final double otherwise) {
        final String value = options.get(name);
        try {
            return value == null ? otherwise : Double.parseDouble(value);
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number, got " + value, e);
        }
    }

    private static int whole(final String name, final String value) {
        try {
            return Integer.parseInt(value);
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number, got " + value, e);
        }
    }
}
