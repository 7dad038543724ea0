package io.rubato.client;

import io.rubato.TableSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Row images of one table, shared by the workers of a process. The agent is the only writer; workers copy a slot
 * between two reads of its sequence word, as a one-sided reader of a shard's slab does. Bounded: when all slots are
 * taken, the oldest image that no worker is waiting for makes room.
 *
 * <p>A slot:
 *
 * <pre>
 *  0          8         16              24                32
 *  | sequence | row     | minimum clock | applied         | values
 * </pre>
 *
 * where the sequence word is odd while the agent writes, minimum clock is m of the image, and applied is the newest
 * sequence number of this client that the image holds.
 */
final class ProcessCache {
    private static final int HEADER = 32;
    private static final int ROW = 8;
    private static final int CLOCK = 16;
    private static final int APPLIED = 24;
    private static final int NONE = -1;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);

    private final int rowBytes;
    private final int slots;
    private final long stride;
    private final MemorySegment memory;
    private final int[] slotOf;
    private int used;
    private int hand;

    /** Receives a copy. */
    @FunctionalInterface
    interface Target {
        /** Whether an image is wanted; if so it is copied. Called again when the agent wrote meanwhile. */
        boolean accepts(long minimumClock, long applied);
    }

    ProcessCache(final TableSpec spec, final int slots, final Arena arena) {
        this.rowBytes = spec.rowBytes();
        this.slots = (int) Math.min(slots, spec.rows());
        this.stride = (HEADER + rowBytes + 31L) & -32L;
        this.memory = arena.allocate(this.slots * stride, 64);
        this.slotOf = new int[(int) spec.rows()];
        Arrays.fill(slotOf, NONE);
    }

    /** How many images are held now; never more than the bound. */
    int size() {
        return used;
    }

    /** Copies a row's image, if there is one and the target accepts its clocks; any thread. */
    boolean copy(final int row, final Target wanted, final MemorySegment target, final long offset) {
        while (true) {
            final int slot = (int) SLOT.getAcquire(slotOf, row);
            if (slot == NONE) {
                return false;
            }
            final long base = slot * stride;
            final long before = (long) LONG.getAcquire(memory, base);
            if ((before & 1) == 0 && (long) LONG.get(memory, base + ROW) == row) {
                final boolean accepted = wanted.accepts((long) LONG.get(memory, base + CLOCK),
                        (long) LONG.get(memory, base + APPLIED));
                if (accepted) {
                    MemorySegment.copy(memory, base + HEADER, target, offset, rowBytes);
                }
                VarHandle.loadLoadFence();
                if ((long) LONG.get(memory, base) == before) {
                    return accepted;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** Whether an image is held that is at least this new; agent only. */
    boolean holds(final int row, final long minimumClock, final long applied) {
        final int slot = slotOf[row];
        return slot != NONE && (long) LONG.get(memory, slot * stride + CLOCK) >= minimumClock
                && (long) LONG.get(memory, slot * stride + APPLIED) >= applied;
    }

    /** Takes an image in, unless the one it holds is newer; agent only. */
    void put(final int row, final long minimumClock, final long applied, final MemorySegment source, final long offset,
            final IntPredicate isAwaited) {
        int slot = slotOf[row];
        if (slot != NONE && !isNewer(slot, minimumClock, applied)) {
            return;
        }
        final boolean fresh = slot == NONE;
        if (fresh) {
            slot = used < slots ? used++ : victim(isAwaited);
        }
        final long base = slot * stride;
        final long sequence = (long) LONG.get(memory, base);
        LONG.setOpaque(memory, base, sequence + 1);
        VarHandle.storeStoreFence();
        LONG.set(memory, base + ROW, (long) row);
        LONG.set(memory, base + CLOCK, minimumClock);
        LONG.set(memory, base + APPLIED, applied);
        MemorySegment.copy(source, offset, memory, base + HEADER, rowBytes);
        LONG.setRelease(memory, base, sequence + 2);
        if (fresh) {
            SLOT.setRelease(slotOf, row, slot);
        }
    }

    private boolean isNewer(final int slot, final long minimumClock, final long applied) {
        final long heldClock = (long) LONG.get(memory, slot * stride + CLOCK);
        return minimumClock > heldClock
                || minimumClock == heldClock && applied >= (long) LONG.get(memory, slot * stride + APPLIED);
    }

    private int victim(final IntPredicate isAwaited) {
        while (true) {
            final int slot = hand;
            hand = hand + 1 == slots ? 0 : hand + 1;
            final int row = (int) (long) LONG.get(memory, slot * stride + ROW);
            if (!isAwaited.test(row)) {
                SLOT.setRelease(slotOf, row, NONE);
                return slot;
            }
        }
    }
}
