package io.rubato.learn.lda;

/**
 * How often each topic has been assigned to the tokens of each document: only the topics that a document has, one after
 * the other in one array, so that a document costs a cache line or two.
 *
 * <pre>
 *  handle
 *  | size | scale | entry 0 | entry 1 | ... | zeros |
 * </pre>
 *
 * <p>An entry is a topic in the upper bits and its count in the others; frequent topics come early, for they are looked
 * for most. A count that does not fit goes on in another entry of the same topic. The scale is a float that belongs to
 * the document. There is room for whole blocks of entries: what lies behind the last one is 0, and weighs nothing.
 */
final class DocumentTopics {
    private static final int SCALE = 1;
    private static final int FIRST = 2;
    private static final int BLOCK = 4;
    /** Ints in a cache line. */
    private static final int LINE = 16;

    /** All documents. */
    private final int[] lists;
    private final int topics;
    private final int shift;
    private final int mask;
    /** Sums of the weights of the entries up to the end of each block, of the document that was weighed last. */
    private final float[] sums;

    /**
     * Without tokens.
     *
     * @param lengths tokens of each document
     */
    DocumentTopics(final int[] lengths, final int topics) {
        this.topics = topics;
        shift = Integer.numberOfLeadingZeros(Math.max(1, topics - 1));
        mask = (1 << shift) - 1;
        int room = 0;
        int longest = 0;
        for (final int length : lengths) {
            room = Math.addExact(room, roomFor(length));
            longest = Math.max(longest, roomFor(length));
        }
        lists = new int[Math.addExact(room, 3 * LINE)];
        sums = new float[longest / BLOCK + 1];
    }

    /** Ints of a document of that length, whatever its topics; the handle of the next one is so much further. */
    int roomFor(final int length) {
        final int entries = (int) Math.min(length, topics * (1L + length / mask));
        return FIRST + Math.ceilDiv(entries, BLOCK) * BLOCK;
    }

    void scale(final int handle, final float scale) {
        lists[handle + SCALE] = Float.floatToRawIntBits(scale);
    }

    float scale(final int handle) {
        return Float.intBitsToFloat(lists[handle + SCALE]);
    }

    int size(final int handle) {
        return lists[handle];
    }

    int topic(final int handle, final int entry) {
        return lists[handle + FIRST + entry] >>> shift;
    }

    int count(final int handle, final int entry) {
        return lists[handle + FIRST + entry] & mask;
    }

    /**
     * Brings the documents of the next tokens near: loads that do not wait for each other take a fraction of the time
     * that they take one by one.
     *
     * @return something that has to be used
     */
    int touch(final int[] handles, final int from, final int to) {
        int used = 0;
        for (int i = from; i < to; i++) {
            used += lists[handles[i]] + lists[handles[i] + LINE] + lists[handles[i] + 2 * LINE]
                    + lists[handles[i] + 3 * LINE];
        }
        return used;
    }

    /** Leaves one token of a topic that the document has out; returns the topic's entry. */
    int exclude(final int handle, final int topic) {
        final int first = handle + FIRST;
        final int entry = find(first, first + lists[handle], topic) - first;
        excludeFrom(handle, entry);
        return entry;
    }

    /** Leaves one token of an entry out. */
    void excludeFrom(final int handle, final int entry) {
        lists[handle + FIRST + entry]--;
    }

    /**
     * Where the first entry of a topic lies; the end or more if there is none, as the zeros behind it look like topic
     * 0. A block at a time, for a step costs as much as a look.
     */
    private int find(final int first, final int end, final int topic) {
        int at = first;
        while (at < end) {
            if (lists[at] >>> shift == topic) {
                return at;
            }
            if (lists[at + 1] >>> shift == topic) {
                return at + 1;
            }
            if (lists[at + 2] >>> shift == topic) {
                return at + 2;
            }
            if (lists[at + 3] >>> shift == topic) {
                return at + 3;
            }
            at += BLOCK;
        }
        return end;
    }

    /** Takes that back. */
    void include(final int handle, final int entry) {
        lists[handle + FIRST + entry]++;
    }

    /** Sum over the document's topics of count times weight. */
    float weigh(final int handle, final float[] weights) {
        final int first = handle + FIRST;
        final int end = first + lists[handle];
        float sum = 0;
        int block = 0;
        // Additions that do not wait for each other.
        for (int at = first; at < end; at += BLOCK) {
            final int a = lists[at];
            final int b = lists[at + 1];
            final int c = lists[at + 2];
            final int d = lists[at + 3];
            sum += (a & mask) * weights[a >>> shift] + (b & mask) * weights[b >>> shift]
                    + ((c & mask) * weights[c >>> shift] + (d & mask) * weights[d >>> shift]);
            sums[block++] = sum;
        }
        return sum;
    }

    /**
     * The entry at which the sum of weights passes a number; of the document that was weighed last.
     *
     * @param at 0 to less than the sum of all
     */
    int drawn(final int handle, final float[] weights, final float at) {
        int block = 0;
        while (sums[block] <= at) {
            block++;
        }
        final int start = block * BLOCK;
        final float rest = block == 0 ? at : at - sums[block - 1];
        final int a = lists[handle + FIRST + start];
        final int b = lists[handle + FIRST + start + 1];
        final int c = lists[handle + FIRST + start + 2];
        final float one = (a & mask) * weights[a >>> shift];
        final float two = one + (b & mask) * weights[b >>> shift];
        final float three = two + (c & mask) * weights[c >>> shift];
        // Which of four it is cannot be predicted: sums are counted, not branched on.
        int entry = start + (one <= rest ? 1 : 0) + (two <= rest ? 1 : 0) + (three <= rest ? 1 : 0);
        // By rounding it may be one without a token.
        while (entry > 0 && count(handle, entry) == 0) {
            entry--;
        }
        return entry;
    }

    /** Moves the token that was left out of an entry to another one. */
    void moveToEntry(final int handle, final int from, final int to) {
        final int at = handle + FIRST + to;
        if ((lists[at] & mask) == mask) {
            moveToTopic(handle, from, lists[at] >>> shift);
            return;
        }
        lists[at]++;
        remove(handle, to > 0 && rise(at) && from == to - 1 ? to : from);
    }

    /** Moves the token that was left out of an entry to a topic. */
    void moveToTopic(final int handle, final int from, final int topic) {
        remove(handle, from);
        add(handle, topic);
    }

    /** Counts one more token. */
    void add(final int handle, final int topic) {
        final int first = handle + FIRST;
        final int end = first + lists[handle];
        int at = find(first, end, topic);
        while (at < end && (lists[at] & mask) == mask) {
            at = find(at + 1, end, topic);
        }
        if (at < end) {
            lists[at]++;
            if (at > first) {
                rise(at);
            }
        } else {
            lists[end] = topic << shift | 1;
            lists[handle]++;
        }
    }

    /** Whether the entry before has been overtaken, and now comes after. */
    private boolean rise(final int at) {
        final int entry = lists[at];
        final int before = lists[at - 1];
        if ((entry & mask) > (before & mask)) {
            lists[at - 1] = entry;
            lists[at] = before;
            return true;
        }
        return false;
    }

    private void remove(final int handle, final int entry) {
        final int at = handle + FIRST + entry;
        if ((lists[at] & mask) == 0) {
            final int last = handle + FIRST + --lists[handle];
            lists[at] = lists[last];
            lists[last] = 0;
        }
    }
}
