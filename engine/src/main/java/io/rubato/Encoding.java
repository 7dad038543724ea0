package io.rubato;

/** How the rows of an F32 table travel between processes. What a shard holds is of the table's own type always. */
public enum Encoding {
    /** As they are. */
    EXACT,
    /**
     * In the upper half of each float: 2 bytes, 8 significant bits, the range of F32. A delta is rounded to nearest
     * when it is handed over, and what the rounding left out is part of the worker's next delta to the row (error
     * feedback, Seide et al. 2014), or travels exactly when the worker ends: sums come out as with {@link #EXACT}. Row
     * images are rounded too, to within 1/512 of each element. Sparse deltas travel exactly.
     */
    BF16
}
