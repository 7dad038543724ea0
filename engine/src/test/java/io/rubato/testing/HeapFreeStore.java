package io.rubato.testing;

import io.rubato.TableSpec;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import io.rubato.kernel.RowKernels;
import io.rubato.port.RowStore;
import io.rubato.port.RowView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Rows in plain off-heap memory, for tests, and the views of them by clients on the same thread. What happens between
 * two steps of a one-sided read is up to the test.
 */
public final class HeapFreeStore implements RowStore {
    private final TableSpec spec;
    private final MemorySegment rows;
    private final Map<Integer, Long> applied = new HashMap<>();
    private final Map<Integer, Long> applying = new HashMap<>();
    private final Map<Integer, MemorySegment> logs = new HashMap<>();
    private Runnable beforeCopy = () -> {};
    private Runnable afterCopy = () -> {};
    private boolean isLocked;
    private long minimumClock;
    private int reads;

    /**
     * All zero.
     *
     * @param spec  of the table
     * @param count rows
     */
    public HeapFreeStore(final TableSpec spec, final int count) {
        this.spec = spec;
        this.rows = Arena.ofAuto().allocate((long) count * spec.rowBytes(), 64);
    }

    @Override
    public void add(final int row, final MemorySegment delta, final long offset) {
        RowKernels.BEST.add(spec.type(), rows, at(row), delta, offset, spec.columns());
    }

    @Override
    public void addBf16(final int row, final MemorySegment delta, final long offset) {
        AddressKernels.BEST.addBf16(Memory.writable(rows, at(row), spec.rowBytes()),
                Memory.address(delta, offset, (long) spec.columns() * Short.BYTES), spec.columns());
    }

    @Override
    public void addSparse(final int row, final MemorySegment columns, final long columnOffset,
            final MemorySegment values, final long valueOffset, final int count) {
        final int bytes = spec.type().bytes();
        for (int i = 0; i < count; i++) {
            final int column = columns.get(ValueLayout.JAVA_INT_UNALIGNED, columnOffset + 4L * i);
            RowKernels.BEST.add(spec.type(), rows, at(row) + (long) column * bytes, values,
                    valueOffset + (long) i * bytes, 1);
        }
    }

    @Override
    public void read(final int row, final MemorySegment target, final long offset) {
        reads++;
        MemorySegment.copy(rows, at(row), target, offset, spec.rowBytes());
    }

    /**
     * How often the shard has read a row.
     *
     * @return count since the start
     */
    public int reads() {
        return reads;
    }

    /**
     * Comes between the steps of every one-sided read.
     *
     * @param before the copy of the row
     * @param after  it
     */
    public void between(final Runnable before, final Runnable after) {
        beforeCopy = before;
        afterCopy = after;
    }

    /**
     * As if the shard were inside every row.
     *
     * @param locked whether no row can be read
     */
    public void lock(final boolean locked) {
        isLocked = locked;
    }

    /**
     * What the shard has published last.
     *
     * @return its minimum clock
     */
    public long minimumClock() {
        return minimumClock;
    }

    /**
     * What a client sees of the rows.
     *
     * @param client index
     * @return the view
     */
    public RowView view(final int client) {
        return new View(client);
    }

    private final class View implements RowView {
        private final int client;

        View(final int client) {
            this.client = client;
        }

        @Override
        public boolean tryRead(final int row, final MemorySegment target, final long offset) {
            beforeCopy.run();
            read(row, target, offset);
            afterCopy.run();
            return !isLocked;
        }

        @Override
        public long minimumClock() {
            return minimumClock;
        }

        @Override
        public long appliedSequence() {
            return applied.getOrDefault(client, 0L);
        }

        @Override
        public long applyingSequence() {
            return applying.getOrDefault(client, 0L);
        }

        @Override
        public MemorySegment createLog(final int worker, final long bytes) {
            final MemorySegment log = Arena.ofAuto().allocate(bytes, 64);
            logs.put(worker, log);
            return log;
        }

        @Override
        public long prefetch(final int[] ids, final int count) {
            return HeapFreeStore.this.prefetch(ids, count);
        }
    }

    @Override
    public void readBf16(final int row, final MemorySegment target, final long offset) {
        AddressKernels.BEST.roundToBf16(Memory.writable(target, offset, (long) spec.columns() * Short.BYTES),
                Memory.address(rows, at(row), spec.rowBytes()), spec.columns());
    }

    @Override
    public long prefetch(final int[] ids, final int count) {
        return Memory.prefetch(rows.address(), (int) (rows.byteSize() / at(1)), at(1), ids, count);
    }

    @Override
    public void minimumClock(final long clock) {
        minimumClock = clock;
    }

    @Override
    public void applyingSequence(final int client, final long sequence) {
        applying.put(client, sequence);
    }

    @Override
    public void appliedSequence(final int client, final long sequence) {
        applied.put(client, sequence);
    }

    @Override
    public MemorySegment openLog(final int worker) {
        return logs.containsKey(worker) ? logs.get(worker) : RowStore.super.openLog(worker);
    }

    @Override
    public void close() {
    }

    private long at(final int row) {
        return (long) row * spec.rowBytes();
    }
}
