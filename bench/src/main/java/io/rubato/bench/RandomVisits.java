package io.rubato.bench;

import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.port.RowStore;
import io.rubato.store.SlabReader;
import io.rubato.store.SlabStoreFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One slab in shared memory, visited in random order by one thread: through the store, one-sided, and bare. */
final class RandomVisits implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("add", "addRuns", "bareAdd", "read", "bareRead", "oneSided", "oneSidedRuns");
    private static final int ORDER = 1 << 20;
    private static final int TURN = 1 << 13;
    /** A worker looks no further ahead. */
    private static final int LONGEST_RUN = 32;
    /** Turns that follow each other visit rows that are not in cache from the last one. */
    private static final int SHIFT = ORDER / NAMES.size() / TURN * TURN;

    private final TemporaryDirectory directory = TemporaryDirectory.inMemory();
    private final Arena arena = Arena.ofConfined();
    private final RowStore slab;
    private final SlabReader reader;
    private final SlabRows bare;
    private final MemorySegment row;
    private final int[] order;
    /** A power of 2, so that a turn is made of whole runs. */
    private final int[] ahead;
    private final long bytes;
    /** Never read: what is loaded for nothing is not loaded. */
    private long prefetched;

    RandomVisits(final int rows, final int columns) {
        final TableSpec spec = ClientWork.spec(rows, columns, 0);
        final Path file = SlabStoreFactory.file(directory.path(), spec.name(), 0);
        row = Rows.allocate(arena, 1, columns).fill(1).memory();
        slab = new SlabStoreFactory(directory.path()).open(LocalJob.ID, new Table(0, spec), 0, rows, 1);
        for (int i = 0; i < rows; i++) {
            slab.add(i, row, 0);
        }
        reader = new SlabReader(file, 0);
        bare = new SlabRows(arena, file, columns);
        ahead = new int[Integer.highestOneBit(Math.min(LONGEST_RUN, Memory.rowsAhead(spec.rowBytes())))];
        order = new SplittableRandom(2).ints(ORDER, 0, rows).toArray();
        try {
            bytes = Files.size(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long bytes() {
        return bytes;
    }

    /** Nanoseconds per visit of each kind, in turn. */
    Map<String, Samples> measure(final int visits, final int repeats) {
        final Map<String, List<Double>> nanos = new LinkedHashMap<>();
        for (int i = 0; i <= repeats; i++) {
            final Map<String, Double> round = round(visits);
            if (i > 0) {
                round.forEach((name, value) -> nanos.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
            }
        }
        final Map<String, Samples> samples = new LinkedHashMap<>();
        nanos.forEach((name, values) -> samples.put(name, new Samples(values)));
        return samples;
    }

    /** Short turns, so that what else the machine does falls on all alike. */
    private Map<String, Double> round(final int visits) {
        final long[] nanos = new long[NAMES.size()];
        final int turns = Math.max(1, visits / TURN);
        for (int turn = 0; turn < turns; turn++) {
            final int from = turn * TURN & ORDER - 1;
            for (int what = 0; what < nanos.length; what++) {
                final long start = System.nanoTime();
                turn(what, from);
                nanos[what] += System.nanoTime() - start;
            }
        }
        final Map<String, Double> round = new LinkedHashMap<>();
        for (int what = 0; what < nanos.length; what++) {
            round.put(NAMES.get(what), (double) nanos[what] / turns / TURN);
        }
        return round;
    }

    private void turn(final int what, final int from) {
        switch (what) {
            case 0 -> add(from);
            case 1 -> addRuns((from + SHIFT) & ORDER - 1);
            case 2 -> bareAdd((from + 2 * SHIFT) & ORDER - 1);
            case 3 -> read((from + 3 * SHIFT) & ORDER - 1);
            case 4 -> bareRead((from + 4 * SHIFT) & ORDER - 1);
            case 5 -> oneSided((from + 5 * SHIFT) & ORDER - 1);
            default -> oneSidedRuns((from + 6 * SHIFT) & ORDER - 1);
        }
    }

    // A loop for each, so that each is compiled for what it does. The store is told of rows by address, as a shard does
    // it.

    private void add(final int from) {
        for (int i = from; i < from + TURN; i++) {
            slab.add(order[i], Memory.ALL, row.address());
        }
    }

    /** The rows that come next are fetched together, as a shard has it for the records of a message. */
    private void addRuns(final int from) {
        for (int i = from; i < from + TURN; i += ahead.length) {
            System.arraycopy(order, i, ahead, 0, ahead.length);
            prefetched = slab.prefetch(ahead, ahead.length);
            for (final int next : ahead) {
                slab.add(next, Memory.ALL, row.address());
            }
        }
    }

    private void bareAdd(final int from) {
        for (int i = from; i < from + TURN; i++) {
            bare.add(order[i], row.address());
        }
    }

    private void read(final int from) {
        for (int i = from; i < from + TURN; i++) {
            slab.read(order[i], Memory.ALL, row.address());
        }
    }

    private void bareRead(final int from) {
        for (int i = from; i < from + TURN; i++) {
            bare.read(order[i], row.address());
        }
    }

    private void oneSided(final int from) {
        for (int i = from; i < from + TURN; i++) {
            oneSidedRow(order[i]);
        }
    }

    /** As a worker reads runs of rows: those that come next are fetched together. */
    private void oneSidedRuns(final int from) {
        for (int i = from; i < from + TURN; i += ahead.length) {
            System.arraycopy(order, i, ahead, 0, ahead.length);
            prefetched = reader.prefetch(ahead, ahead.length);
            for (final int next : ahead) {
                oneSidedRow(next);
            }
        }
    }

    private void oneSidedRow(final int id) {
        if (!OneSidedRead.tryRead(reader, id, row.address())) {
            throw new IllegalStateException("nobody writes, but a row could not be read");
        }
    }

    @Override
    public void close() {
        slab.close();
        arena.close();
        directory.close();
    }
}
