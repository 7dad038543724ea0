package io.rubato.client;

import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One worker's copies of row images of one table, with its own deltas added. Bounded: when all slots are taken, one
 * that was not read in the current clock makes room if there is one, and otherwise one of a few that are taken in turn.
 * Rows that go by in a clock and are more than there are slots then go through memory that is in the processor's cache,
 * and leave the other copies where they are. Used by the worker's thread.
 */
final class WorkerCache {
    private static final int NONE = -1;
    /** However much memory there is: each takes some heap as well. */
    private static final int MOST_SLOTS = 1 << 22;
    private static final int PER_SLOT = 4;
    private static final int CHECKED_AT = 0;
    private static final int GRANTED = 1;
    private static final int MINIMUM = 2;
    private static final int VERSION = 3;

    private final int slots;
    /** Slots that make room by turns while all were read in the clock: a run that is opened is not to close itself. */
    private final int hotSlots;
    private final long stride;
    private final MemorySegment values;
    private final long base;
    private final ServedRows served;
    /** One bit for each row that has a copy: a delta to a row without one looks no further. */
    private final long[] isHeld;
    /** Of rows that have had a slot; another row may have it now. */
    private final int[] slotOf;
    /**
     * Whether every row that has a slot has that of its own number, as after a pass over a table from its start: where
     * a copy lies is known then before anything about it has come from memory.
     */
    private boolean isInOrder = true;
    private final int[] rowOf;
    /** Four numbers per slot. */
    private final long[] clocks;
    private final boolean[] edited;
    private int used;
    private int hand;
    private int hotHand;
    /** The last clock in which every slot was found to have been read. */
    private long allReadAt = NONE;

    WorkerCache(final TableSpec spec, final int slots, final ServedRows served, final Arena arena) {
        this.slots = (int) Math.min(Math.min(slots, MOST_SLOTS), spec.rows());
        this.hotSlots = Math.min(this.slots, Worker.rowsOfARun(spec));
        this.stride = stride(spec);
        this.values = Memory.allocate(arena, this.slots * stride, Memory.CACHE_LINE);
        this.base = values.address();
        this.served = served;
        this.isHeld = new long[(int) ((spec.rows() + Long.SIZE - 1) / Long.SIZE)];
        this.slotOf = new int[(int) spec.rows()];
        this.rowOf = new int[this.slots];
        this.clocks = new long[PER_SLOT * this.slots];
        this.edited = new boolean[this.slots];
    }

    /**
     * Bytes between two rows: whole cache lines for rows longer than one, so that vector loads do not straddle more
     * lines than they must.
     */
    static long stride(final TableSpec spec) {
        return (spec.rowBytes() + 63L) & -64L;
    }

    /** How many slots are taken; never more than the bound. */
    int size() {
        return used;
    }

    /** A hint that copies are looked up soon; for its result see {@link Memory#prefetch}. */
    long prefetch(final long[] rows, final int from, final int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += slotOf[(int) rows[i]];
        }
        for (int i = from; i < to; i++) {
            sum += clocks[PER_SLOT * slotOf[(int) rows[i]]];
        }
        return sum;
    }

    /** A hint that the copies in some slots are read soon; its result as above. */
    long prefetchValues(final int[] inSlots, final int count) {
        return Memory.prefetch(base, slots, stride, inSlots, count);
    }

    /** The slot of a row, or a negative number. */
    int slot(final int row) {
        return (isHeld[row >> 6] & 1L << row) == 0 ? NONE : slotOfHeld(row);
    }

    /** The slot of a row that has one. */
    int slotOfHeld(final int row) {
        return isInOrder ? row : slotOf[row];
    }

    /** A read under the table's own model was served in a clock. */
    void served(final int slot, final long clock) {
        final long lag = clock - minimumClock(slot);
        if (lag >= 0) {
            served.serve(rowOf[slot], lag);
        }
    }

    /** The slot that an image of a row should go to. Another row may still be in it: see {@link #give}. */
    int choose(final int row, final long clock) {
        final int own = slotOf[row];
        return own < used && rowOf[own] == row ? own : used < slots ? used : victim(clock);
    }

    /** Gives a chosen slot to a row; the row that was there has none from now on. */
    void give(final int slot, final int row) {
        isInOrder &= slot == row;
        if (slot == used) {
            used++;
        } else {
            final int before = rowOf[slot];
            isHeld[before >> 6] &= ~(1L << before);
            served.forget(before);
        }
        rowOf[slot] = row;
        isHeld[row >> 6] |= 1L << row;
        slotOf[row] = slot;
        served.forget(row);
    }

    /** The row has no copy from now on; until another row takes its slot it may have it again. */
    void drop(final int slot) {
        final int row = rowOf[slot];
        spoilt(slot);
        isHeld[row >> 6] &= ~(1L << row);
    }

    /** The row in a slot. */
    int row(final int slot) {
        return rowOf[slot];
    }

    /** Whether the worker may have written to a slot since its row's record was last right. */
    boolean isEdited(final int slot) {
        return edited[slot];
    }

    void edited(final int slot, final boolean is) {
        edited[slot] = is;
    }

    private int victim(final long clock) {
        for (int tries = 0; allReadAt != clock && tries < slots; tries++) {
            final int slot = hand;
            hand = hand + 1 == slots ? 0 : hand + 1;
            if (clocks[PER_SLOT * slot + CHECKED_AT] != clock) {
                return slot;
            }
        }
        allReadAt = clock;
        hotHand = hotHand + 1 < hotSlots ? hotHand + 1 : 0;
        return hotHand;
    }

    /** m of the image in a slot. */
    long minimumClock(final int slot) {
        return clocks[PER_SLOT * slot + MINIMUM];
    }

    /** What the gate has vouched for; see {@link ImageClocks}. */
    long grantedClock(final int slot) {
        return clocks[PER_SLOT * slot + GRANTED];
    }

    /** Of the image; see {@link ImageClocks}. */
    long version(final int slot) {
        return clocks[PER_SLOT * slot + VERSION];
    }

    /** The clock in which the slot was last held against the process cache. */
    long checkedAt(final int slot) {
        return clocks[PER_SLOT * slot + CHECKED_AT];
    }

    void checked(final int slot, final long clock) {
        clocks[PER_SLOT * slot + CHECKED_AT] = clock;
    }

    /** The slot has the values of an image. */
    void filled(final int slot, final ImageClocks image, final long clock) {
        clocks[PER_SLOT * slot + MINIMUM] = image.minimum;
        clocks[PER_SLOT * slot + GRANTED] = image.granted;
        clocks[PER_SLOT * slot + VERSION] = image.version;
        clocks[PER_SLOT * slot + CHECKED_AT] = clock;
        served.forget(rowOf[slot]);
    }

    /** An image whose values are no newer than the slot's vouches for more. */
    void renewed(final int slot, final ImageClocks image, final long clock) {
        clocks[PER_SLOT * slot + MINIMUM] = Math.max(clocks[PER_SLOT * slot + MINIMUM], image.minimum);
        clocks[PER_SLOT * slot + GRANTED] = Math.max(clocks[PER_SLOT * slot + GRANTED], image.granted);
        clocks[PER_SLOT * slot + CHECKED_AT] = clock;
        served.forget(rowOf[slot]);
    }

    /** The slot's values are worthless. */
    void spoilt(final int slot) {
        clocks[PER_SLOT * slot + MINIMUM] = NONE;
        clocks[PER_SLOT * slot + GRANTED] = NONE;
        clocks[PER_SLOT * slot + VERSION] = NONE;
        clocks[PER_SLOT * slot + CHECKED_AT] = NONE;
        served.forget(rowOf[slot]);
    }

    MemorySegment values() {
        return values;
    }

    /** Where a slot's column 0 lies in all of memory. */
    long address(final int slot) {
        return base + slot * stride;
    }

    /** Where a slot's column 0 lies in {@link #values}. */
    long offset(final int slot) {
        return slot * stride;
    }
}
