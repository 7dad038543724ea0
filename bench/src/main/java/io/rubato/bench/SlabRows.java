package io.rubato.bench;

import io.rubato.ElementType;
import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
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

    /** Held, so that it stays mapped. */
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
        firstRow = memory.address() + memory.get(ValueLayout.JAVA_LONG, FIRST_ROW_OFFSET);
        stride = memory.get(ValueLayout.JAVA_LONG, STRIDE_OFFSET);
    }

    void add(final int row, final long delta) {
        AddressKernels.BEST.add(ElementType.F32, address(row), delta, columns);
    }

    void read(final int row, final long target) {
        AddressKernels.BEST.copy(target, address(row), columns * Float.BYTES);
    }

    float get(final int row, final int column) {
        return Memory.ALL.get(ValueLayout.JAVA_FLOAT, address(row) + (long) column * Float.BYTES);
    }

    private long address(final int row) {
        return firstRow + row * stride;
    }
}
