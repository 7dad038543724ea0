package io.rubato.bench;

import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.port.RowStore;
import io.rubato.store.SlabHeader;
import io.rubato.store.SlabReader;
import io.rubato.store.SlabStoreFactory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads of random rows of a shard's slab from another process, each with the shard's minimum clock, beside copies from
 * a slab of the same size that no other process knows. They take turns.
 */
final class OneSidedRead {
    private static final int TURN = 4096;
    private static final long MILLISECONDS = 1_500;
    private static final String PRIVATE = "private";

    private OneSidedRead() {
    }

    /**
     * Measures.
     *
     * @param slab      of one shard
     * @param directory where the private slab may lie
     * @param reads     to be timed one by one
     * @return nanoseconds per read under {@code oneSided} and {@code copy}, and percentiles of single one-sided reads
     */
    static Map<String, Double> measure(final Path slab, final Path directory, final int reads) {
        final SlabReader reader = new SlabReader(slab, 0);
        try (Arena arena = Arena.ofConfined()) {
            final SlabHeader shape = reader.header();
            final TableSpec spec = ClientWork.spec(shape.rows(), shape.columns(), 0);
            final Path ofOwn = directory.resolve(PRIVATE);
            try (RowStore own = new SlabStoreFactory(ofOwn).open(LocalJob.ID, new Table(0, spec), 0, shape.rows(), 1)) {
                return measure(reader, own, spec, arena, reads);
            } finally {
                SlabStoreFactory.file(ofOwn, spec.name(), 0).toFile().delete();
            }
        }
    }

    private static Map<String, Double> measure(final SlabReader reader, final RowStore own, final TableSpec spec,
            final Arena arena, final int reads) {
        final MemorySegment memory = arena.allocate(spec.rowBytes(), 64);
        // As a client has it.
        final long target = memory.address();
        final int[] order = Rows.randomOrder((int) spec.rows());
        for (int row = 0; row < spec.rows(); row++) {
            own.add(row, memory, 0);
        }
        final Visits visits = new Visits(order);
        final Latencies single = new Latencies();
        final Turns turns = Turns.measure(() -> oneSided(reader, target, order, visits.take(TURN)),
                () -> copy(own, target, order, visits.take(TURN)), MILLISECONDS);
        for (int i = 0; i < reads; i += TURN) {
            oneByOne(reader, target, order, visits.take(TURN), single);
        }
        final Map<String, Double> result = new LinkedHashMap<>();
        result.put("oneSided", turns.firstNs() / TURN);
        result.put("copy", turns.secondNs() / TURN);
        result.putAll(single.toMap());
        return result;
    }

    private static void oneSided(final SlabReader reader, final long target, final int[] order,
            final int from) {
        for (int i = from; i < from + TURN; i++) {
            read(reader, order[i], target);
        }
    }

    private static void read(final SlabReader reader, final int row, final long target) {
        while (!tryRead(reader, row, target)) {
            Thread.onSpinWait();
        }
    }

    /** All that a client does to get an image of a row: what the image holds, the row, and whether it is whole. */
    static boolean tryRead(final SlabReader reader, final int row, final long target) {
        final long clock = reader.minimumClock();
        final long applied = reader.appliedSequence();
        return clock >= 0 && reader.tryRead(row, Memory.ALL, target) && reader.applyingSequence() == applied;
    }

    private static void copy(final RowStore own, final long target, final int[] order, final int from) {
        for (int i = from; i < from + TURN; i++) {
            own.read(order[i], Memory.ALL, target);
        }
    }

    private static void oneByOne(final SlabReader reader, final long target, final int[] order,
            final int from, final Latencies single) {
        for (int i = from; i < from + TURN; i++) {
            final long start = System.nanoTime();
            read(reader, order[i], target);
            single.record(System.nanoTime() - start);
        }
    }
}
