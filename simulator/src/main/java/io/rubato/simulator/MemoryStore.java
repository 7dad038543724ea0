package io.rubato.simulator;

import io.rubato.TableSpec;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import io.rubato.kernel.RowKernels;
import io.rubato.port.RowStore;
import io.rubato.simulator.check.WholeNumbers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * Rows in plain off-heap memory that belongs to the simulation: they outlive their shard, to be checked. Clients on the
 * shard's machine see them through {@link SharedRows}.
 */
final class MemoryStore implements RowStore {
    private final TableSpec spec;
    private final MemorySegment rows;
    /** Per row, how often it was written. */
    private final long[] writes;
    private final long[] applying;
    private final long[] applied;
    /** The client whose message is being applied; negative if none is. */
    private int announced = -1;
    /** By worker, the memory that its delta log shares. */
    private final Map<Integer, MemorySegment> logs = new HashMap<>();
    private long minimumClock;

    MemoryStore(final TableSpec spec, final int count, final int clients, final Arena arena) {
        this.spec = spec;
        this.rows = arena.allocate((long) count * spec.rowBytes(), 64);
        this.writes = new long[count];
        this.applying = new long[clients];
        this.applied = new long[clients];
    }

    @Override
    public void add(final int row, final MemorySegment delta, final long offset) {
        written(row);
        RowKernels.BEST.add(spec.type(), rows, at(row), delta, offset, spec.columns());
    }

    @Override
    public void addBf16(final int row, final MemorySegment delta, final long offset) {
        written(row);
        AddressKernels.BEST.addBf16(Memory.writable(rows, at(row), spec.rowBytes()),
                Memory.address(delta, offset, (long) spec.columns() * Short.BYTES), spec.columns());
    }

    @Override
    public void addSparse(final int row, final MemorySegment columns, final long columnOffset,
            final MemorySegment values, final long valueOffset, final int count) {
        written(row);
        final int bytes = spec.type().bytes();
        for (int i = 0; i < count; i++) {
            final int column = columns.get(ValueLayout.JAVA_INT_UNALIGNED, columnOffset + 4L * i);
            RowKernels.BEST.add(spec.type(), rows, at(row) + (long) column * bytes, values,
                    valueOffset + (long) i * bytes, 1);
        }
    }

    /** One-sided readers rely on it that a message is announced before its first delta, and done after its last. */
    private void written(final int row) {
        if (announced < 0) {
            throw new IllegalStateException("a delta to row " + row + " of no message that was announced");
        }
        writes[row]++;
    }

    @Override
    public void read(final int row, final MemorySegment target, final long offset) {
        read(row, 0, spec.columns(), target, offset);
    }

    /** Copies some columns of a row. */
    void read(final int row, final int from, final int to, final MemorySegment target, final long offset) {
        final long first = (long) from * spec.type().bytes();
        MemorySegment.copy(rows, at(row) + first, target, offset + first, (long) (to - from) * spec.type().bytes());
    }

    TableSpec spec() {
        return spec;
    }

    @Override
    public void readBf16(final int row, final MemorySegment target, final long offset) {
        AddressKernels.BEST.roundToBf16(Memory.writable(target, offset, (long) spec.columns() * Short.BYTES),
                Memory.address(rows, at(row), spec.rowBytes()), spec.columns());
    }

    /** An element of an audited table. */
    long element(final int row, final int column) {
        return WholeNumbers.get(spec, rows, at(row), column);
    }

    long writes(final int row) {
        return writes[row];
    }

    @Override
    public void minimumClock(final long clock) {
        minimumClock = clock;
    }

    long minimumClock() {
        return minimumClock;
    }

    @Override
    public void applyingSequence(final int client, final long sequence) {
        announced = client;
        applying[client] = sequence;
    }

    long applyingSequence(final int client) {
        return applying[client];
    }

    @Override
    public void appliedSequence(final int client, final long sequence) {
        if (announced != client || applying[client] != sequence) {
            throw new IllegalStateException("message " + sequence + " of client " + client + " was not announced");
        }
        announced = -1;
        applied[client] = sequence;
    }

    long appliedSequence(final int client) {
        return applied[client];
    }

    /** For {@link #openLog}. */
    void putLog(final int worker, final MemorySegment log) {
        logs.put(worker, log);
    }

    @Override
    public MemorySegment openLog(final int worker) {
        return logs.get(worker);
    }

    @Override
    public void close() {
        // The simulation frees it.
    }

    private long at(final int row) {
        return (long) row * spec.rowBytes();
    }
}
