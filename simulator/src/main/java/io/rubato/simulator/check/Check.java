package io.rubato.simulator.check;

/** What is checked; a {@link Violation} names the one that objected. */
public enum Check {
    /** A read by worker p at clock c under bound s holds every delta stamped at most c-s-1 of every worker. */
    GUARANTEE,
    /** The image's clock is at least c-s. */
    FRESHNESS,
    /** An image with clock m holds every delta stamped less than m, and m is at most the reader's clock. */
    IMAGE_CLOCK,
    /** A read holds every delta of the reader itself, each once. */
    READ_MY_WRITES,
    /** A read holds nothing that was not added: no delta twice, none without those before it, no part of one. */
    INVENTED,
    /** A read under a sampled gate of b holds every delta stamped at most c-s-1 of b other workers. */
    SAMPLE,
    /**
     * Under VAP no reader misses more of what a worker has added to an element than v, or one delta if that is more.
     */
    VALUE_BOUND,
    /** When all workers have made all their clocks, each row is the sum of all deltas, as read under BSP. */
    EXACT_END,
    /** When a gated read returns, the reader is at most s clocks ahead of the slowest worker, or of b others. */
    CLOCK_GAP,
    /** When the job has ended well, the shards' rows are the sum of all deltas. */
    CONSERVATION,
    /** The job's report: as many delta rows applied as sent. */
    BOOKS,
    /** The job's report: the largest clock gap is at most s. */
    REPORTED_GAP,
    /** A client that has read a pushed row has been sent all that a mark vouches for. */
    PUSH_REACHES,
    /** A client does not ask for a pushed row that it holds. */
    PUSH_SUFFICES,
    /** A cache never holds more rows than its bound. */
    CACHE_BOUND,
    /** Some worker can go on, or the fault that prevents it is known. */
    DEADLOCK,
    /** The job ends well; or, when a process was lost, it fails in time and names it. */
    OUTCOME,
    /** Neither an agent nor a worker throws. */
    ERROR
}
