package io.rubato.bench;

import io.rubato.kernel.RowKernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The F32 rows of a slab file as bare memory, without checks and sequence words: a baseline on the very same rows. */
final class SlabRows {
    /** Where the slab's header keeps the stride and the offset of row 0. */
    private static final long STRIDE_OFFSET = 40;
    private static final long FIRST_ROW_OFFSET = 48;

    private final MemorySegment memory;
    private final int columns;
    private final long firstRow;
    private final long stride;

    /** Maps the file until the arena is closed. */
    SlabRows(final Arena arena, final Path file, final int columns) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        this.columns = columns;
        firstRow = memory.get(ValueLayout.JAVA_LONG, FIRST_ROW_OFFSET);
        stride = memory.get(ValueLayout.JAVA_LONG, STRIDE_OFFSET);
    }

    void add(final int row, final MemorySegment delta, final long offset) {
        RowKernels.BEST.addFloats(memory, offset(row), delta, offset, columns);
    }

    void read(final int row, final MemorySegment target, final long offset) {
        RowKernels.BEST.copy(target, offset, memory, offset(row), columns * Float.BYTES);
    }

    float get(final int row, final int column) {
        return memory.get(ValueLayout.JAVA_FLOAT, offset(row) + (long) column * Float.BYTES);
    }

    private long offset(final int row) {
        return firstRow + row * stride;
    }
}
