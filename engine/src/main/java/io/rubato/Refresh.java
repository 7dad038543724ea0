package io.rubato;

/**
 * How eager a {@link Worker#refresh} is.
 *
 * <p>Source: the prefetch modes of LazyTable, Cui et al., "Exploiting Bounded Staleness to Speed Up Big Data
 * Analytics", USENIX ATC 2014.
 */
public enum Refresh {
    /** Asks for the row only if the cached image would be too old for a read at the current clock. */
    CONSERVATIVE,
    /** Asks for the row unless the cached image holds everything up to the current clock. */
    AGGRESSIVE
}
