package io.rubato.client;

/** What is known of a row image besides its values. Reused; used by one thread. */
final class ImageClocks {
    /** m: every delta stamped less is in the image. */
    long minimum;
    /** What the gate has vouched for: m, or more where a sample has let the read through. */
    long granted;
    /** The newest sequence number of this client that is in the image. */
    long applied;
    /** Of two images of a row that with the greater version is the newer; those with the same have the same values. */
    long version;
    /** Whether the shard pushes every change of the row that is newer than the image. */
    boolean isCovered;

    ImageClocks set(final long minimumClock, final long grantedClock, final long appliedSequence,
            final long tableVersion, final boolean covered) {
        minimum = minimumClock;
        granted = grantedClock;
        applied = appliedSequence;
        version = tableVersion;
        isCovered = covered;
        return this;
    }

    /**
     * Whether the image does for a read: it vouches for the wanted clock, itself if the reader has a bound of its own,
     * which no sample may open; it holds the reader's deltas that are no longer logged; and under VAP, what shards have
     * pushed is in it.
     */
    boolean serve(final long wantedClock, final boolean isOwnBound, final long wantedSequence,
            final boolean isValueBounded) {
        return (isOwnBound ? minimum : granted) >= wantedClock && applied >= wantedSequence
                && (isCovered || !isValueBounded);
    }

    /** Takes over what is more in the other image, which has the same values or is older. */
    void merge(final ImageClocks other) {
        minimum = Math.max(minimum, other.minimum);
        granted = Math.max(granted, other.granted);
        applied = Math.max(applied, other.applied);
        isCovered |= other.isCovered;
    }

    /** A mark of the push stream holds for a covered image: what changed before this clock has been pushed. */
    void raise(final long pushedClock) {
        if (isCovered) {
            minimum = Math.max(minimum, pushedClock);
            granted = Math.max(granted, pushedClock);
        }
    }
}
