package io.rubato.store;

import io.rubato.Table;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import io.rubato.port.RowView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Reads a shard's rows of one table, for one client, from the file they live in, read-only, while the shard writes it;
 * the shard does not notice. No message, no lock, no system call, nothing allocated. Safe for all threads. The file
 * stays mapped as long as the reader is reachable, also when it has been deleted or its writer is dead.
 *
 * <p>It works with absolute addresses: the checks of a bounded segment would cost as much as copying a short row does.
 * Rows are checked here, and nothing is unmapped before the last load.
 */
public final class SlabReader implements RowView {
    /** Keeps the file mapped. */
    private final SlabFile file;
    private final int rows;
    private final int rowBytes;
    private final long stride;
    private final int sequenceOffset;
    // Absolute addresses.
    private final long slab;
    private final long minimumClock;
    private final long applied;
    private final long applying;
    private final long firstRow;
    /** That the slab belonged to when it was mapped. */
    private final long job;
    private final Consumer<UncheckedIOException> onNoLog;

    /**
     * Maps a slab file, whosever it is.
     *
     * @param path   of the file, see {@link SlabStoreFactory#file}
     * @param client that reads, an index
     * @throws java.io.UncheckedIOException naming the file, and the offset where its content is wrong
     * @throws IndexOutOfBoundsException    if the slab has fewer clients
     */
    public SlabReader(final Path path, final int client) {
        this(map(path), client, SlabReader::fail);
    }

    private SlabReader(final SlabFile file, final int client, final Consumer<UncheckedIOException> onNoLog) {
        this.file = file;
        this.onNoLog = onNoLog;
        final SlabHeader header = file.header();
        Objects.checkIndex(client, header.clients());
        rows = header.rows();
        rowBytes = header.rowBytes();
        slab = file.memory().address();
        minimumClock = slab + SlabLayout.MINIMUM_CLOCK_OFFSET;
        applied = slab + SlabLayout.appliedOffset(client);
        applying = slab + SlabLayout.applyingOffset(client);
        firstRow = slab + header.firstRowOffset();
        job = word(slab + SlabLayout.JOB_OFFSET);
        stride = header.stride();
        sequenceOffset = header.sequenceOffset();
    }

    private static SlabFile map(final Path path) {
        try {
            return SlabFile.map(path, FileChannel.MapMode.READ_ONLY, Arena.ofAuto());
        } catch (final IOException e) {
            throw SlabError.failed(path, "read this row store", e);
        }
    }

    /**
     * Maps the slab file of a living shard.
     *
     * @param directory of the shard's {@link SlabStoreFactory}
     * @param job       that shard and reader belong to
     * @param table     id, name and shape
     * @param shard     index
     * @param rows      how many of the table's rows live there
     * @param clients   of the job
     * @param client    that reads, an index
     * @return the reader, with which it is an error if there is no memory for a worker's deltas
     * @throws java.io.UncheckedIOException naming the file, and the offset where its content is wrong: another version,
     *                                      table, shape or job, or a writer that has closed it or is dead
     * @throws IndexOutOfBoundsException    if the job has fewer clients
     */
    public static SlabReader of(final Path directory, final long job, final Table table, final int shard,
            final int rows, final int clients, final int client) {
        return of(directory, job, table, shard, rows, clients, client, SlabReader::fail);
    }

    /**
     * The same.
     *
     * @param directory of the shard's {@link SlabStoreFactory}
     * @param job       that shard and reader belong to
     * @param table     id, name and shape
     * @param shard     index
     * @param rows      how many of the table's rows live there
     * @param clients   of the job
     * @param client    that reads, an index
     * @param onNoLog   hears why there is no memory for a worker's deltas, which then travel in messages; may throw
     *                  what it hears
     * @return the reader
     * @throws java.io.UncheckedIOException as above
     * @throws IndexOutOfBoundsException    if the job has fewer clients
     */
    public static SlabReader of(final Path directory, final long job, final Table table, final int shard,
            final int rows, final int clients, final int client, final Consumer<UncheckedIOException> onNoLog) {
        final Path path = SlabStoreFactory.file(directory, table.spec().name(), shard);
        final SlabFile file = map(path);
        SlabHeader.of(table, shard, rows, clients).requireIn(path, file.header());
        final SlabReader reader = new SlabReader(file, client, onNoLog);
        if (reader.job != job) {
            throw SlabError.wrong(path, SlabLayout.JOB_OFFSET, "job " + reader.job, "job " + job);
        }
        final long writer = reader.writer();
        if (ProcessHandle.of(writer).filter(ProcessHandle::isAlive).isEmpty()) {
            throw SlabError.wrong(path, SlabLayout.WRITER_OFFSET,
                    writer == 0 ? "no writer" : "process " + writer + " as the writer, which is dead",
                    "a living writer");
        }
        return reader;
    }

    /**
     * What the file holds.
     *
     * @return the immutable header
     */
    public SlabHeader header() {
        return file.header();
    }

    /**
     * The process that writes the file.
     *
     * @return process id, of a process that may be dead; 0 once it has closed the file
     */
    public long writer() {
        return word(slab + SlabLayout.WRITER_OFFSET);
    }

    @Override
    public long minimumClock() {
        return word(minimumClock);
    }

    @Override
    public long appliedSequence() {
        return word(applied);
    }

    @Override
    public long applyingSequence() {
        return word(applying);
    }

    @Override
    public long prefetch(final int[] ids, final int count) {
        try {
            return Memory.prefetch(firstRow, rows, stride, ids, count);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean tryRead(final int row, final MemorySegment target, final long offset) {
        try {
            final long at = firstRow + Objects.checkIndex(row, rows) * stride;
            final long to = Memory.writable(target, offset, rowBytes);
            final long before = SlabLayout.lvWord(at + sequenceOffset);
            if ((before & 1) != 0) {
                return false;
            }
            AddressKernels.BEST.copy(to, at, rowBytes);
            VarHandle.loadLoadFence();
            return SlabLayout.lvWord(at + sequenceOffset) == before;
        } finally {
            Reference.reachabilityFence(target);
            Reference.reachabilityFence(this);
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>In a file beside the slab, which the shard will delete.
     */
    @Override
    public MemorySegment createLog(final int worker, final long bytes) {
        final Path path = LogFile.path(file.path(), file.header(), worker);
        if (word(slab + SlabLayout.JOB_OFFSET) != job || writer() == 0) {
            // The shard has given the slab up, or it is another job's by now: nobody would read the file, or delete it.
            return null;
        }
        try {
            return LogFile.create(path, job, bytes);
        } catch (final IOException e) {
            onNoLog.accept(SlabError.failed(path, "share the deltas of worker " + worker, e));
            return null;
        }
    }

    private static void fail(final UncheckedIOException why) {
        throw why;
    }

    private long word(final long address) {
        try {
            return SlabLayout.lvWord(address);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
