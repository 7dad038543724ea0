package io.rubato.client;

import io.rubato.TableSpec;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
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
 * <p>A slot has a header, and values that lie apart from it: headers, which are looked at more often, then stay in the
 * processor's cache for longer.
 *
 * <pre>
 *  0          8     16              24              32        40        48        64
 *  | sequence | row | minimum clock | granted clock | applied | version | covered |
 * </pre>
 *
 * where the sequence word is odd while the agent writes; the others are those of {@link ImageClocks}.
 */
final class ProcessCache {
    private static final int HEADER = 64;
    /** Tries to copy a row that is being written, before the core is given up. */
    private static final int SPINS = 64;
    private static final int ROW = 8;
    private static final int CLOCK = 16;
    private static final int GRANTED = 24;
    private static final int APPLIED = 32;
    private static final int VERSION = 40;
    private static final int COVERED = 48;
    private static final int NONE = -1;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);

    /** Held: one that the garbage collector closes would take the slots with it. */
    private final Arena arena;
    private final int rowBytes;
    private final int slots;
    private final long stride;
    /** Absolute addresses. */
    private final long headers;
    private final long values;
    private final int[] slotOf;
    private final ImageClocks held = new ImageClocks();
    private int used;
    private int hand;

    /** Receives a copy. */
    @FunctionalInterface
    interface Target {
        /**
         * The address that an image is to be copied to; {@link #REFUSED} if it is not wanted. Called again when the
         * agent wrote meanwhile: what was copied then is worthless.
         */
        long place(ImageClocks image);

        /** No address. */
        long REFUSED = 0;
    }

    ProcessCache(final TableSpec spec, final int slots, final Arena arena) {
        this.arena = arena;
        this.rowBytes = spec.rowBytes();
        this.slots = (int) Math.min(slots, spec.rows());
        this.stride = (rowBytes + 31L) & -32L;
        this.headers = arena.allocate((long) this.slots * HEADER, HEADER).address();
        this.values = Memory.allocate(arena, this.slots * stride, Memory.CACHE_LINE).address();
        this.slotOf = new int[(int) spec.rows()];
        Arrays.fill(slotOf, NONE);
    }

    /** How many images are held now; never more than the bound. */
    int size() {
        return used;
    }

    /** A hint that images are looked up soon; any thread; for its result see {@link Memory#prefetch}. */
    long prefetch(final long[] rows, final int from, final int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += slotOf[(int) rows[i]];
        }
        for (int i = from; i < to; i++) {
            final int slot = slotOf[(int) rows[i]];
            sum += slot == NONE ? NONE : (long) LONG.get(Memory.ALL, header(slot));
        }
        return sum;
    }

    /** What became of an attempt to copy. */
    enum Copy {
        /** No image of the row is held; what the target was shown does not count. */
        ABSENT,
        /** The target did not want the image whose clocks it was shown last. */
        REFUSED,
        /** The image whose clocks the target was shown last was copied. */
        COPIED
    }

    /**
     * Copies a row's image, if there is one and the target wants it; any thread.
     *
     * @param clocks scratch of the calling thread, shown to the target
     */
    Copy copy(final int row, final ImageClocks clocks, final Target target) {
        for (int tries = 0;; tries++) {
            final int slot = (int) SLOT.getAcquire(slotOf, row);
            if (slot == NONE) {
                return Copy.ABSENT;
            }
            final long base = header(slot);
            final long before = (long) LONG.getAcquire(Memory.ALL, base);
            if ((before & 1) == 0 && (long) LONG.get(Memory.ALL, base + ROW) == row) {
                final long place = target.place(load(base, clocks));
                if (place != Target.REFUSED) {
                    AddressKernels.BEST.copy(place, values + slot * stride, rowBytes);
                }
                VarHandle.loadLoadFence();
                if ((long) LONG.get(Memory.ALL, base) == before) {
                    return place == Target.REFUSED ? Copy.REFUSED : Copy.COPIED;
                }
            }
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                // Whoever writes may have lost its core in the midst of it.
                Thread.yield();
            }
        }
    }

    private long header(final int slot) {
        return headers + (long) slot * HEADER;
    }

    private ImageClocks load(final long base, final ImageClocks clocks) {
        return clocks.set((long) LONG.get(Memory.ALL, base + CLOCK), (long) LONG.get(Memory.ALL, base + GRANTED),
                (long) LONG.get(Memory.ALL, base + APPLIED), (long) LONG.get(Memory.ALL, base + VERSION),
                (long) LONG.get(Memory.ALL, base + COVERED) != 0);
    }

    private void store(final long base, final ImageClocks clocks) {
        LONG.set(Memory.ALL, base + CLOCK, clocks.minimum);
        LONG.set(Memory.ALL, base + GRANTED, clocks.granted);
        LONG.set(Memory.ALL, base + APPLIED, clocks.applied);
        LONG.set(Memory.ALL, base + VERSION, clocks.version);
        LONG.set(Memory.ALL, base + COVERED, clocks.isCovered ? 1L : 0L);
    }

    /** The clocks of the image that is held; null if none is; agent only, valid until its next call. */
    ImageClocks held(final int row) {
        final int slot = slotOf[row];
        return slot == NONE ? null : load(header(slot), held);
    }

    /**
     * Takes in an image whose values lie at an address; of two images the values of the newer are kept, and what each
     * vouches for; agent only. The clocks given are changed.
     */
    void put(final int row, final ImageClocks clocks, final long source, final IntPredicate isAwaited) {
        int slot = slotOf[row];
        final boolean fresh = slot == NONE;
        if (fresh) {
            slot = used < slots ? used++ : victim(isAwaited);
        }
        final long base = header(slot);
        final boolean hasNewerValues = fresh || clocks.version > load(base, held).version;
        if (!fresh) {
            clocks.merge(held);
            clocks.version = Math.max(clocks.version, held.version);
        }
        final long sequence = (long) LONG.get(Memory.ALL, base);
        LONG.setOpaque(Memory.ALL, base, sequence + 1);
        VarHandle.storeStoreFence();
        LONG.set(Memory.ALL, base + ROW, (long) row);
        store(base, clocks);
        if (hasNewerValues) {
            AddressKernels.BEST.copy(values + slot * stride, source, rowBytes);
        }
        LONG.setRelease(Memory.ALL, base, sequence + 2);
        if (fresh) {
            SLOT.setRelease(slotOf, row, slot);
        }
    }

    private int victim(final IntPredicate isAwaited) {
        while (true) {
            final int slot = hand;
            hand = hand + 1 == slots ? 0 : hand + 1;
            final int row = (int) (long) LONG.get(Memory.ALL, header(slot) + ROW);
            if (!isAwaited.test(row)) {
                SLOT.setRelease(slotOf, row, NONE);
                return slot;
            }
        }
    }
}
