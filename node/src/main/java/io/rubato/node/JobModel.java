package io.rubato.node;

import io.rubato.Consistency;
import io.rubato.Consistency.Model;
import io.rubato.Consistency.Propagation;
import io.rubato.Consistency.Sampling;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A consistency model as a job's keys describe it: {@code consistency}, and of the others those that belong to the
 * model. One that does not is refused.
 *
 * <p>A-BSP (Cui et al. 2014) is the engine's BSP with more work in a clock. {@code absp} with the keys of SSP(s) is its
 * equal-bound point: s+1 clocks in one, so that neither hides more work of another worker from a read than s+1 clocks'.
 *
 * @param consistency of the learner's tables
 * @param merged      clocks of the job that are run as one: s+1 under A-BSP, otherwise 1
 */
record JobModel(Consistency consistency, int merged) {
    private static final String ABSP = "absp";
    static final String CONSISTENCY = "consistency";
    static final String STALENESS = "staleness";
    static final String SAMPLE = "sample";
    static final String SAMPLING = "sampling";
    static final String VALUE_BOUND = "value-bound";
    static final String PROPAGATION = "propagation";

    static final String DEFAULT_MODEL = "ssp";
    static final String DEFAULT_STALENESS = "3";
    static final String DEFAULT_RANGE = "3..15";
    static final String DEFAULT_SAMPLE = "1";
    static final String DEFAULT_VALUE_BOUND = "0.1";
    static final String DEFAULT_SAMPLING = "central";
    static final String DEFAULT_PROPAGATION = "pull";

    private static final String NAMES = "bsp, ssp, essp, asp, vap, pbsp, pssp, dssp or absp";
    private static final Map<String, String> OWNERS = Map.of(STALENESS, "ssp, essp, pssp, dssp and absp", SAMPLE,
            "pbsp and pssp", SAMPLING, "pbsp and pssp", VALUE_BOUND, "vap", PROPAGATION, "asp, pbsp, pssp and dssp");
    private static final String RANGE = "..";
    private static final String DECAY = "/sqrt(t)";

    /**
     * Takes the keys of a model.
     *
     * @throws UsageException naming a bad value, or a key that does not belong to the model
     */
    static JobModel take(final JobKeys keys) {
        final String name = keys.text(CONSISTENCY, DEFAULT_MODEL);
        final int merged = name.equals(ABSP) ? merged(staleness(keys)) : 1;
        final Consistency consistency = switch (name) {
            case "bsp", ABSP -> Consistency.bsp();
            case "ssp" -> Consistency.ssp(staleness(keys));
            case "essp" -> Consistency.essp(staleness(keys));
            case "asp" -> propagated(keys, Consistency.asp());
            case "vap" -> valueBounded(keys);
            case "pbsp" -> sampled(keys, Consistency.pbsp(sample(keys)));
            case "pssp" -> sampled(keys, Consistency.pssp(staleness(keys), sample(keys)));
            case "dssp" -> propagated(keys, range(keys));
            default -> throw new UsageException(CONSISTENCY + " must be " + NAMES + ", got '" + name + "'");
        };
        refuseOthers(keys.left(), name);
        return new JobModel(consistency, merged);
    }

    private static void refuseOthers(final SortedMap<String, String> left, final String name) {
        if (name.equals("bsp") || name.equals("pbsp")) {
            // True, since ssp with 0 is bsp.
            left.remove(STALENESS, "0");
        }
        for (final String key : left.keySet()) {
            if (OWNERS.containsKey(key)) {
                throw new UsageException(key + " belongs to " + OWNERS.get(key) + "; " + name
                        + (key.equals(PROPAGATION) ? " leaves no choice" : " has none") + ", got " + left.get(key));
            }
        }
    }

    private static int staleness(final JobKeys keys) {
        return atLeastZero(STALENESS, keys.text(STALENESS, DEFAULT_STALENESS));
    }

    private static int merged(final int staleness) {
        if (staleness == Integer.MAX_VALUE) {
            throw new UsageException(STALENESS + " is out of range: " + staleness);
        }
        return staleness + 1;
    }

    private static int sample(final JobKeys keys) {
        return atLeastZero(SAMPLE, keys.text(SAMPLE, DEFAULT_SAMPLE));
    }

    private static int atLeastZero(final String key, final String value) {
        final int number = JobKeys.integer(key, value);
        if (number < 0) {
            throw new UsageException(key + " must be at least 0, got " + number);
        }
        return number;
    }

    private static Consistency range(final JobKeys keys) {
        final String value = keys.text(STALENESS, DEFAULT_RANGE);
        if (!value.matches("\\d+\\.\\.\\d+")) {
            throw new UsageException(STALENESS + " must be LO..HI under dssp, for example " + DEFAULT_RANGE + ", got '"
                    + value + "'");
        }
        final int dots = value.indexOf(RANGE);
        final int least = JobKeys.integer(STALENESS, value.substring(0, dots));
        final int most = JobKeys.integer(STALENESS, value.substring(dots + RANGE.length()));
        if (least > most) {
            throw new UsageException(STALENESS + " must be LO..HI with LO at most HI, got '" + value + "'");
        }
        return Consistency.dssp(least, most);
    }

    private static Consistency valueBounded(final JobKeys keys) {
        final String value = keys.text(VALUE_BOUND, DEFAULT_VALUE_BOUND);
        final boolean decays = value.endsWith(DECAY);
        final String number = decays ? value.substring(0, value.length() - DECAY.length()) : value;
        final double bound = JobKeys.number(VALUE_BOUND, number);
        if (!(bound > 0 && bound < Double.POSITIVE_INFINITY)) {
            throw new UsageException(VALUE_BOUND + " must be above 0, got " + value);
        }
        return decays ? Consistency.decayingVap(bound) : Consistency.vap(bound);
    }

    private static Consistency sampled(final JobKeys keys, final Consistency consistency) {
        return propagated(keys, consistency.with(oneOf(Sampling.values(), SAMPLING,
                keys.text(SAMPLING, DEFAULT_SAMPLING))));
    }

    private static Consistency propagated(final JobKeys keys, final Consistency consistency) {
        return consistency.with(oneOf(Propagation.values(), PROPAGATION,
                keys.text(PROPAGATION, DEFAULT_PROPAGATION)));
    }

    private static <E extends Enum<E>> E oneOf(final E[] two, final String key, final String value) {
        for (final E one : two) {
            if (lowerCase(one).equals(value)) {
                return one;
            }
        }
        throw new UsageException(key + " must be " + lowerCase(two[0]) + " or " + lowerCase(two[1]) + ", got '" + value
                + "'");
    }

    /** The inverse of {@link #take}. */
    Map<String, String> keys() {
        final Map<String, String> keys = new TreeMap<>();
        final Model model = consistency.model();
        keys.put(CONSISTENCY, name());
        if (isMerged()) {
            keys.put(STALENESS, Integer.toString(merged - 1));
        }
        switch (model) {
            case SSP, ESSP, PSSP -> keys.put(STALENESS, Integer.toString(consistency.staleness()));
            case DSSP -> keys.put(STALENESS, consistency.leastStaleness() + RANGE + consistency.staleness());
            case VAP -> keys.put(VALUE_BOUND, consistency.valueBound() + (consistency.isDecaying() ? DECAY : ""));
            case BSP, ASP, PBSP -> {
            }
        }
        if (samples()) {
            keys.put(SAMPLE, Integer.toString(consistency.sample()));
            keys.put(SAMPLING, sampling());
        }
        if (samples() || model == Model.ASP || model == Model.DSSP) {
            keys.put(PROPAGATION, propagation());
        }
        return keys;
    }

    /** As on the command line. */
    String name() {
        return isMerged() ? ABSP : consistency.model().label();
    }

    /** Whether it is A-BSP. */
    boolean isMerged() {
        return merged > 1;
    }

    /** Whether the model has a sample, be it of nobody. */
    boolean samples() {
        return consistency.model() == Model.PBSP || consistency.model() == Model.PSSP;
    }

    String sampling() {
        return lowerCase(consistency.sampling());
    }

    String propagation() {
        return lowerCase(consistency.propagation());
    }

    private static String lowerCase(final Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** As in the table at the end. */
    @Override
    public String toString() {
        return isMerged()
                ? ABSP + "(" + (merged - 1) + ") (" + consistency + " with " + merged + " clocks in one)"
                : consistency.toString();
    }
}
