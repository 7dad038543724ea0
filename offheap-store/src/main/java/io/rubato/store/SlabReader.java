package io.rubato.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads a shard's rows of one table from the file they live in, read-only, while the shard writes it; the shard does
 * not notice. No message, no lock, no system call, nothing allocated. Safe for all threads.
 *
 * <p>A one-sided read takes {@link #minimumClock} first and the row then: the row holds every delta stamped less than
 * that clock.
 */
public final class SlabReader implements AutoCloseable {
    private final SlabFile file;
    private final SlabHeader header;
    private final MemorySegment memory;
    private final int rowBytes;
    private final long firstRowOffset;
    private final long stride;
    private final int sequenceOffset;

    /**
     * Maps a slab file.
     *
     * @param path of the file, see {@link SlabStoreFactory#file}
     * @throws java.io.UncheckedIOException naming the file, and the offset where its content is wrong
     */
    public SlabReader(final Path path) {
        try {
            file = SlabFile.map(path, FileChannel.MapMode.READ_ONLY);
        } catch (final IOException e) {
            throw SlabError.failed(path, "read this row store", e);
        }
        header = file.header();
        memory = file.memory();
        rowBytes = header.rowBytes();
        firstRowOffset = header.firstRowOffset();
        stride = header.stride();
        sequenceOffset = header.sequenceOffset();
    }

    /**
     * What the file holds.
     *
     * @return the immutable header
     */
    public SlabHeader header() {
        return header;
    }

    /**
     * The shard's minimum clock m; every row read afterwards holds every delta stamped less than m.
     *
     * @return m
     */
    public long minimumClock() {
        return SlabLayout.lvWord(memory, SlabLayout.MINIMUM_CLOCK_OFFSET);
    }

    /**
     * The newest sequence applied from a client; every row read afterwards holds its deltas up to there, and perhaps
     * some of the next ones.
     *
     * @param client index
     * @return sequence, 0 before the first
     */
    public long appliedSequence(final int client) {
        return SlabLayout.lvWord(memory, SlabLayout.appliedOffset(Objects.checkIndex(client, header.clients())));
    }

    /**
     * Copies a row unless the shard is writing it just now. Never waits; try again, without end only as long as the
     * shard lives.
     *
     * @param row    local id
     * @param target off-heap memory
     * @param offset of column 0, bytes, any alignment
     * @return false if the row was being written; what lies in the target is then worthless
     */
    public boolean tryRead(final int row, final MemorySegment target, final long offset) {
        final long at = firstRowOffset + Objects.checkIndex(row, header.rows()) * stride;
        final long before = SlabLayout.lvWord(memory, at + sequenceOffset);
        if ((before & 1) != 0) {
            return false;
        }
        MemorySegment.copy(memory, at, target, offset, rowBytes);
        VarHandle.loadLoadFence();
        return (long) SlabLayout.WORD.getOpaque(memory, at + sequenceOffset) == before;
    }

    /** Unmaps the file; reading afterwards throws {@link IllegalStateException}. */
    @Override
    public void close() {
        file.arena().close();
    }
}
