package io.rubato;

import java.util.Locale;

/**
 * A consistency model as data: the gate (which clocks let a read go on), the freshness (how old a cached image may be)
 * and the propagation (who moves a changed row). Made by the factory methods.
 *
 * <p>Sources: BSP and SSP from Ho et al., "More Effective Distributed ML via a Stale Synchronous Parallel Parameter
 * Server", NIPS 2013; ESSP and VAP from Dai et al., "High-Performance Distributed ML at Scale through Parameter Server
 * Consistency Models", AAAI 2015; pBSP and pSSP from Wang, Catterall and Mortier, "Probabilistic Synchronous Parallel",
 * 2017; a staleness that is chosen while running from Zhao et al., "Dynamic Stale Synchronous Parallel", ICDCS 2019.
 *
 * @param model          the rule
 * @param staleness      s, in clocks, at least 0; 0 under BSP, pBSP, ASP and VAP; the upper end of the range under DSSP
 * @param leastStaleness the lower end of the range under DSSP, otherwise s
 * @param sample         b, how many other workers a sampled gate asks, at least 0; 0 where the model does not sample. A
 *                       b of all others or more asks them all, as BSP and SSP do; one of 0 asks nobody, as ASP does
 * @param sampling       who asks them
 * @param valueBound     v, above 0, under VAP; otherwise 0
 * @param isDecaying     whether the value bound at clock c is v / sqrt(c + 1); only under VAP
 * @param propagation    how changed rows reach their readers; always PUSH under ESSP and VAP, PULL under BSP and SSP
 */
public record Consistency(Model model, int staleness, int leastStaleness, int sample, Sampling sampling,
        double valueBound, boolean isDecaying, Propagation propagation) {
    /** The rules that exist. */
    public enum Model {
        /** Bulk Synchronous Parallel: a read at clock c waits until every worker has reached c. */
        BSP,
        /** Stale Synchronous Parallel: a read at clock c waits until every worker has reached c - s. */
        SSP,
        /** Eager SSP: as SSP, and shards push changed rows to their readers when the minimum clock advances. */
        ESSP,
        /** Asynchronous: a read never waits for a clock. */
        ASP,
        /**
         * Value-bounded: a worker waits while its deltas to any element that some reader cannot see yet would add up to
         * more than v.
         */
        VAP,
        /** Probabilistic BSP: a read at clock c waits until b workers, drawn at random, have reached c. */
        PBSP,
        /** Probabilistic SSP: a read at clock c waits until b workers, drawn at random, have reached c - s. */
        PSSP,
        /** SSP whose s each worker chooses within a range, from how long it has waited. */
        DSSP;

        /**
         * The name on the command line and in reports.
         *
         * @return lower case
         */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who compares the clocks of a sample. */
    public enum Sampling {
        /** The shard, with its vector clock. */
        CENTRAL,
        /** The reader's client, which asks the clients of the sampled workers. */
        PEERS
    }

    /** How a changed row reaches a client that has read it before. */
    public enum Propagation {
        /** The client asks for it when its image has become too old. */
        PULL,
        /** The shard sends it when the minimum clock advances; under VAP as soon as it has changed. */
        PUSH
    }

    /**
     * Checks the combination.
     *
     * @throws IllegalArgumentException naming what is out of range or does not belong to the model
     */
    public Consistency {
        final boolean takesStaleness = switch (model) {
            case SSP, ESSP, PSSP, DSSP -> true;
            case BSP, ASP, VAP, PBSP -> false;
        };
        final boolean samples = model == Model.PBSP || model == Model.PSSP;
        check(staleness >= 0, "staleness must be at least 0, got " + staleness);
        check(takesStaleness || staleness == 0, model.label() + " has staleness 0, got " + staleness);
        check(model == Model.DSSP ? leastStaleness >= 0 && leastStaleness <= staleness : leastStaleness == staleness,
                "least staleness must be 0 to " + staleness + " under dssp and the staleness otherwise, got "
                        + leastStaleness);
        check(sample >= 0 && (samples || sample == 0), model.label() + " has no sample of " + sample);
        check(samples || sampling == Sampling.CENTRAL, model.label() + " has no sample to be taken by peers");
        check(model == Model.VAP ? valueBound > 0 && valueBound < Double.POSITIVE_INFINITY : valueBound == 0,
                "the value bound must be above 0 under vap and 0 otherwise, got " + valueBound);
        check(model == Model.VAP || !isDecaying, model.label() + " has no value bound that could decay");
        check(switch (model) {
            case BSP, SSP -> propagation == Propagation.PULL;
            case ESSP, VAP -> propagation == Propagation.PUSH;
            case ASP, PBSP, PSSP, DSSP -> propagation != null;
        }, model.label() + " does not go with " + propagation);
    }

    private static void check(final boolean holds, final String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    private static Consistency clocked(final Model model, final int leastStaleness, final int staleness,
            final Propagation propagation) {
        return new Consistency(model, staleness, leastStaleness, 0, Sampling.CENTRAL, 0, false, propagation);
    }

    /**
     * Bulk Synchronous Parallel.
     *
     * @return the model
     */
    public static Consistency bsp() {
        return clocked(Model.BSP, 0, 0, Propagation.PULL);
    }

    /**
     * Stale Synchronous Parallel.
     *
     * @param staleness s, in clocks
     * @return the model
     */
    public static Consistency ssp(final int staleness) {
        return clocked(Model.SSP, staleness, staleness, Propagation.PULL);
    }

    /**
     * Eager Stale Synchronous Parallel.
     *
     * @param staleness s, in clocks
     * @return the model
     */
    public static Consistency essp(final int staleness) {
        return clocked(Model.ESSP, staleness, staleness, Propagation.PUSH);
    }

    /**
     * Asynchronous Parallel.
     *
     * @return the model
     */
    public static Consistency asp() {
        return clocked(Model.ASP, 0, 0, Propagation.PULL);
    }

    /**
     * Value-bounded Asynchronous Parallel.
     *
     * @param bound v, above 0, in units of the table's elements
     * @return the model
     */
    public static Consistency vap(final double bound) {
        return new Consistency(Model.VAP, 0, 0, 0, Sampling.CENTRAL, bound, false, Propagation.PUSH);
    }

    /**
     * Value-bounded Asynchronous Parallel with a bound of v / sqrt(c + 1) at clock c.
     *
     * @param bound v, above 0, in units of the table's elements
     * @return the model
     */
    public static Consistency decayingVap(final double bound) {
        return new Consistency(Model.VAP, 0, 0, 0, Sampling.CENTRAL, bound, true, Propagation.PUSH);
    }

    /**
     * Probabilistic Bulk Synchronous Parallel, sampled by the shards.
     *
     * @param sample b
     * @return the model
     */
    public static Consistency pbsp(final int sample) {
        return new Consistency(Model.PBSP, 0, 0, sample, Sampling.CENTRAL, 0, false, Propagation.PULL);
    }

    /**
     * Probabilistic Stale Synchronous Parallel, sampled by the shards.
     *
     * @param staleness s, in clocks
     * @param sample    b
     * @return the model
     */
    public static Consistency pssp(final int staleness, final int sample) {
        return new Consistency(Model.PSSP, staleness, staleness, sample, Sampling.CENTRAL, 0, false,
                Propagation.PULL);
    }

    /**
     * Dynamic Stale Synchronous Parallel.
     *
     * @param least least s, in clocks
     * @param most  greatest s, in clocks
     * @return the model
     */
    public static Consistency dssp(final int least, final int most) {
        return clocked(Model.DSSP, least, most, Propagation.PULL);
    }

    /**
     * The same model with another propagation.
     *
     * @param how PUSH or PULL, where the model leaves a choice
     * @return the model
     */
    public Consistency with(final Propagation how) {
        return new Consistency(model, staleness, leastStaleness, sample, sampling, valueBound, isDecaying, how);
    }

    /**
     * The same model with its sample taken by somebody else.
     *
     * @param who shards or peers, where the model samples
     * @return the model
     */
    public Consistency with(final Sampling who) {
        return new Consistency(model, staleness, leastStaleness, sample, who, valueBound, isDecaying, propagation);
    }

    /**
     * Whether a gate looks at a drawn sample of the workers, and not at all of them.
     *
     * @return true under pBSP and pSSP with b above 0
     */
    public boolean isSampled() {
        return sample > 0;
    }

    /**
     * Whether clocks hold a read back at all.
     *
     * @return false under ASP, VAP, and with a sample of nobody
     */
    public boolean isClocked() {
        return switch (model) {
            case BSP, SSP, ESSP, DSSP -> true;
            case PBSP, PSSP -> sample > 0;
            case ASP, VAP -> false;
        };
    }

    /**
     * Whether the value of a delta may hold its worker back.
     *
     * @return true under VAP
     */
    public boolean isValueBounded() {
        return model == Model.VAP;
    }

    /**
     * Whether shards send changed rows unasked.
     *
     * @return true if so
     */
    public boolean isPushed() {
        return propagation == Propagation.PUSH;
    }

    /**
     * The value bound at a clock.
     *
     * @param clock c of the worker that makes deltas
     * @return v or v / sqrt(c + 1); 0 if the model has none
     */
    public double valueBound(final long clock) {
        return isDecaying ? valueBound / Math.sqrt(clock + 1.0) : valueBound;
    }

    @Override
    public String toString() {
        final String parameters = switch (model) {
            case BSP, ASP -> "";
            case SSP, ESSP -> "(" + staleness + ")";
            case VAP -> "(" + valueBound + (isDecaying ? "/sqrt(t))" : ")");
            case PBSP -> "(" + sample + ")";
            case PSSP -> "(" + staleness + "," + sample + ")";
            case DSSP -> "(" + leastStaleness + ".." + staleness + ")";
        };
        final boolean chosePush = isPushed() && model != Model.ESSP && model != Model.VAP;
        return model.label() + parameters + (sampling == Sampling.PEERS ? " by peers" : "")
                + (chosePush ? " pushed" : "");
    }
}
