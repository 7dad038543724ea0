package io.rubato.store;

import io.rubato.ElementType;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import io.rubato.port.RowStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The rows of one table and shard in a mapped file, laid out as {@link SlabLayout} draws it. All methods belong to the
 * one thread that writes; a {@link SlabReader} in any process may read meanwhile.
 *
 * <p>Deltas are checked before a row is entered: an exception inside would leave its sequence word odd.
 */
final class Slab implements RowStore {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;

    private final SlabFile file;
    private final Arena arena;
    private final MemorySegment memory;
    private final ElementType type;
    private final int rows;
    private final int columns;
    private final int clients;
    private final int rowBytes;
    private final long firstRowOffset;
    /** Where row 0 lies in all of memory. */
    private final long firstRow;
    private final long stride;
    private final int sequenceOffset;
    private boolean closed;

    private Slab(final SlabFile file, final Arena arena) {
        final SlabHeader header = file.header();
        this.file = file;
        this.arena = arena;
        this.memory = file.memory();
        this.type = header.type();
        this.rows = header.rows();
        this.columns = header.columns();
        this.clients = header.clients();
        this.rowBytes = header.rowBytes();
        this.firstRowOffset = header.firstRowOffset();
        this.firstRow = memory.address() + firstRowOffset;
        this.stride = header.stride();
        this.sequenceOffset = header.sequenceOffset();
    }

    /**
     * Becomes the writer of a mapped file, and closes the arena when it is closed itself.
     *
     * @throws UncheckedIOException if it has another one, or had one that did not close it
     */
    static Slab own(final SlabFile file, final Arena arena, final long job) {
        final long self = ProcessHandle.current().pid();
        final long other = (long) SlabLayout.WORD.compareAndExchange(file.memory(), (long) SlabLayout.WRITER_OFFSET,
                0L, self);
        if (other != 0) {
            throw SlabError.wrong(file.path(), SlabLayout.WRITER_OFFSET,
                    "a slab that process " + other + " has open, or left behind half written when it died",
                    "one that its writer has closed");
        }
        // What an earlier job has published would open gates of this one; while the slab names no job, nobody shares
        // deltas.
        SlabLayout.soWord(file.memory(), SlabLayout.JOB_OFFSET, 0);
        try {
            // Before any row changes: a machine that loses its power must not keep rows without the mark.
            file.mapped().asSlice(0, file.header().firstRowOffset()).force();
            LogFile.deleteAll(file.path(), file.header());
        } catch (final UncheckedIOException e) {
            SlabLayout.soWord(file.memory(), SlabLayout.WRITER_OFFSET, 0);
            throw SlabError.failed(file.path(), "mark it as open", e.getCause());
        } catch (final IOException e) {
            SlabLayout.soWord(file.memory(), SlabLayout.WRITER_OFFSET, 0);
            throw SlabError.failed(file.path(), "delete deltas that workers have shared with it", e);
        }
        final Slab slab = new Slab(file, arena);
        slab.startOver(job);
        return slab;
    }

    private void startOver(final long job) {
        minimumClock(0);
        for (int client = 0; client < clients; client++) {
            SlabLayout.soWord(memory, SlabLayout.applyingOffset(client), 0);
            appliedSequence(client, 0);
        }
        SlabLayout.soWord(memory, SlabLayout.JOB_OFFSET, job);
    }

    @Override
    public void add(final int row, final MemorySegment delta, final long offset) {
        final long at = address(row);
        final long from = Memory.address(delta, offset, rowBytes);
        final long sequence = enter(at);
        AddressKernels.BEST.add(type, at, from, columns);
        leave(at, sequence);
        Reference.reachabilityFence(delta);
    }

    @Override
    public void addBf16(final int row, final MemorySegment delta, final long offset) {
        final long at = address(row);
        final long from = Memory.address(delta, offset, (long) columns * Short.BYTES);
        final long sequence = enter(at);
        AddressKernels.BEST.addBf16(at, from, columns);
        leave(at, sequence);
        Reference.reachabilityFence(delta);
    }

    @Override
    public void addSparse(final int row, final MemorySegment columnIds, final long columnOffset,
            final MemorySegment values, final long valueOffset, final int count) {
        final long at = address(row);
        final long firstColumn = Memory.address(columnIds, columnOffset, (long) count * Integer.BYTES);
        final long firstValue = Memory.address(values, valueOffset, (long) count * type.bytes());
        final long sequence = enter(at);
        try {
            for (int i = 0; i < count; i++) {
                // Checked once more: a mistake elsewhere must not become a write to any place in memory.
                final int column =
                        Objects.checkIndex(Memory.ALL.get(I32, firstColumn + (long) i * Integer.BYTES), columns);
                addElement(at + (long) column * type.bytes(), firstValue + (long) i * type.bytes());
            }
        } finally {
            leave(at, sequence);
            Reference.reachabilityFence(columnIds);
            Reference.reachabilityFence(values);
        }
    }

    @Override
    public void read(final int row, final MemorySegment target, final long offset) {
        final long from = address(row);
        AddressKernels.BEST.copy(Memory.writable(target, offset, rowBytes), from, rowBytes);
        Reference.reachabilityFence(target);
    }

    @Override
    public void readBf16(final int row, final MemorySegment target, final long offset) {
        final long from = address(row);
        AddressKernels.BEST.roundToBf16(Memory.writable(target, offset, (long) columns * Short.BYTES), from, columns);
        Reference.reachabilityFence(target);
    }

    @Override
    public long prefetch(final int[] ids, final int count) {
        return Memory.prefetch(firstRow, rows, stride, ids, count);
    }

    @Override
    public void minimumClock(final long clock) {
        SlabLayout.soWord(memory, SlabLayout.MINIMUM_CLOCK_OFFSET, clock);
    }

    @Override
    public void applyingSequence(final int client, final long sequence) {
        SlabLayout.WORD.setOpaque(memory, SlabLayout.applyingOffset(Objects.checkIndex(client, clients)), sequence);
        VarHandle.storeStoreFence();
    }

    @Override
    public void appliedSequence(final int client, final long sequence) {
        SlabLayout.soWord(memory, SlabLayout.appliedOffset(Objects.checkIndex(client, clients)), sequence);
    }

    @Override
    public MemorySegment openLog(final int worker) {
        final Path path = LogFile.path(file.path(), file.header(), worker);
        try {
            return LogFile.open(path, SlabLayout.lvWord(memory, SlabLayout.JOB_OFFSET), arena);
        } catch (final IOException e) {
            throw SlabError.failed(path, "read the deltas of worker " + worker, e);
        }
    }

    /**
     * Brings the rows to the disk, if they lie on one, marks the file as closed, unmaps it, and deletes what workers
     * have shared with it. A file that holds a part of a message is not marked: the next writer refuses it.
     *
     * @throws UncheckedIOException if the disk fails; the file is then refused by the next writer, too
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (arena) {
            file.mapped().force();
            // While it is this job's: the next one's workers may share theirs at once.
            LogFile.deleteAll(file.path(), file.header());
            if (!holdsHalfAMessage()) {
                SlabLayout.soWord(memory, SlabLayout.WRITER_OFFSET, 0);
                file.mapped().asSlice(0, firstRowOffset).force();
            }
        } catch (final IOException e) {
            throw SlabError.failed(file.path(), "delete the deltas that workers have shared with it", e);
        }
    }

    /** An error has ended the thread while it added a message's deltas. */
    private boolean holdsHalfAMessage() {
        for (int client = 0; client < clients; client++) {
            if (SlabLayout.lvWord(memory, SlabLayout.applyingOffset(client)) > SlabLayout.lvWord(memory,
                    SlabLayout.appliedOffset(client))) {
                return true;
            }
        }
        return false;
    }

    private void addElement(final long at, final long value) {
        switch (type) {
            case F32 -> Memory.ALL.set(F32, at, Memory.ALL.get(F32, at) + Memory.ALL.get(F32, value));
            case F64 -> Memory.ALL.set(F64, at, Memory.ALL.get(F64, at) + Memory.ALL.get(F64, value));
            case I32 -> Memory.ALL.set(I32, at, Memory.ALL.get(I32, at) + Memory.ALL.get(I32, value));
            case I64 -> Memory.ALL.set(I64, at, Memory.ALL.get(I64, at) + Memory.ALL.get(I64, value));
        }
    }

    private long address(final int row) {
        if (closed) {
            throw new IllegalStateException(file.path() + " is closed");
        }
        return firstRow + Objects.checkIndex(row, rows) * stride;
    }

    /** Makes the sequence word odd before any element changes, and returns what it was. */
    private long enter(final long at) {
        final long sequence = Memory.ALL.get(I64, at + sequenceOffset);
        SlabLayout.soWord(at + sequenceOffset, sequence + 1);
        return sequence;
    }

    /** Makes the sequence word even after every element has changed. */
    private void leave(final long at, final long sequence) {
        SlabLayout.soWord(at + sequenceOffset, sequence + 2);
    }
}
