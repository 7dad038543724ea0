package io.rubato.learn.model;

import io.rubato.ElementType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Streams the rows of a two-dimensional array into a NumPy file: format version 1.0, C order, little-endian
 * {@code f4 f8 i4 i8}.
 *
 * <pre>
 *  0  93 'N' 'U' 'M' 'P' 'Y'
 *  6  1, 0                     version
 *  8  length of the text, u16
 * 10  {'descr': '&lt;f4', 'fortran_order': False, 'shape': (rows, columns), } then spaces, newline; up to a multiple of
 * 64
 *     row 0, row 1, ...
 * </pre>
 */
public final class NpyWriter implements AutoCloseable {
    private static final int PREAMBLE_BYTES = 10;
    private static final int ALIGNMENT = 64;
    private static final int MIN_BUFFER_BYTES = 1 << 16;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

    private final FileChannel channel;
    private final ElementType type;
    private final int columns;
    private final long rows;
    private final ByteBuffer buffer;
    private final MemorySegment memory;
    private long written;

    /**
     * Creates or replaces a file and writes its header.
     *
     * @param file    target
     * @param type    of every element
     * @param rows    how many will be written, at least 0
     * @param columns elements per row, at least 1
     * @throws IOException if writing fails
     */
    public NpyWriter(final Path file, final ElementType type, final long rows, final int columns) throws IOException {
        this.type = type;
        this.columns = columns;
        this.rows = rows;
        buffer = ByteBuffer.allocateDirect(Math.max(MIN_BUFFER_BYTES, columns * type.bytes()));
        memory = MemorySegment.ofBuffer(buffer);
        buffer.put(header());
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /**
     * Appends a row.
     *
     * @param row    elements in native byte order
     * @param offset of column 0, bytes
     * @throws IOException           if writing fails
     * @throws IllegalStateException if all rows have been written
     */
    public void writeRow(final MemorySegment row, final long offset) throws IOException {
        if (written == rows) {
            throw new IllegalStateException("the array has only " + rows + " rows");
        }
        final int bytes = columns * type.bytes();
        if (buffer.remaining() < bytes) {
            flush();
        }
        if (type.bytes() == Integer.BYTES) {
            MemorySegment.copy(row, ValueLayout.JAVA_INT_UNALIGNED, offset, memory,
                    ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), buffer.position(), columns);
        } else {
            MemorySegment.copy(row, ValueLayout.JAVA_LONG_UNALIGNED, offset, memory,
                    ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), buffer.position(), columns);
        }
        buffer.position(buffer.position() + bytes);
        written++;
    }

    /**
     * Writes what is buffered and closes the file.
     *
     * @throws IOException if writing fails, or fewer rows were written than announced
     */
    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
        if (written != rows) {
            throw new IOException("the array has " + rows + " rows, but only " + written + " were written");
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private byte[] header() {
        final String kind = (type.isFloating() ? "f" : "i") + type.bytes();
        final String text = "{'descr': '<" + kind + "', 'fortran_order': False, 'shape': (" + rows + ", " + columns
                + "), }";
        final int length = (PREAMBLE_BYTES + text.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
        final ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).putShort((short) (length - PREAMBLE_BYTES)).put(text.getBytes(StandardCharsets.US_ASCII));
        while (header.position() < length - 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').array();
    }
}
