package io.rubato;

/**
 * A consistency model as data: which clocks let a read go on, and how old a cached image may be.
 *
 * <p>Sources: BSP and SSP from Ho et al., "More Effective Distributed ML via a Stale Synchronous Parallel Parameter
 * Server", NIPS 2013. SSP(0) is BSP.
 *
 * @param model     the rule
 * @param staleness s, in clocks, at least 0; 0 for BSP, ignored by ASP
 */
public record Consistency(Model model, int staleness) {
    /** The rules that exist. */
    public enum Model {
        /** Bulk Synchronous Parallel: a read at clock c waits until every worker has reached c. */
        BSP,
        /** Stale Synchronous Parallel: a read at clock c waits until every worker has reached c - s. */
        SSP,
        /** Asynchronous: a read never waits for a clock. */
        ASP
    }

    /**
     * Checks the combination.
     *
     * @throws IllegalArgumentException if s is negative, or not 0 under BSP
     */
    public Consistency {
        if (staleness < 0) {
            throw new IllegalArgumentException("staleness must be at least 0, got " + staleness);
        }
        if (model == Model.BSP && staleness != 0) {
            throw new IllegalArgumentException("BSP has staleness 0, got " + staleness);
        }
    }

    /**
     * Bulk Synchronous Parallel.
     *
     * @return the model
     */
    public static Consistency bsp() {
        return new Consistency(Model.BSP, 0);
    }

    /**
     * Stale Synchronous Parallel.
     *
     * @param staleness s, in clocks
     * @return the model
     */
    public static Consistency ssp(final int staleness) {
        return new Consistency(Model.SSP, staleness);
    }

    /**
     * Asynchronous Parallel.
     *
     * @return the model
     */
    public static Consistency asp() {
        return new Consistency(Model.ASP, 0);
    }

    @Override
    public String toString() {
        return model == Model.SSP ? "ssp(" + staleness + ")" : model.name().toLowerCase(java.util.Locale.ROOT);
    }
}
