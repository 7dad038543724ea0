package io.rubato.learn.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rubato.ElementType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NpyWriterTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void writesWhatNumpyReads(final ElementType type) throws IOException {
        // More than one buffer full.
        final int rows = 7000;
        final int columns = 5;
        final Path file = folder.resolve("a.npy");
        try (Arena arena = Arena.ofConfined(); NpyWriter writer = new NpyWriter(file, type, rows, columns)) {
            final MemorySegment row = arena.allocate(8 + columns * 8, 8);
            for (int i = 0; i < rows; i++) {
                for (int k = 0; k < columns; k++) {
                    final long at = 8 + (long) k * type.bytes();
                    switch (type) {
                        case F32 -> row.set(ValueLayout.JAVA_FLOAT, at, value(i, k));
                        case F64 -> row.set(ValueLayout.JAVA_DOUBLE, at, value(i, k));
                        case I32 -> row.set(ValueLayout.JAVA_INT, at, value(i, k));
                        case I64 -> row.set(ValueLayout.JAVA_LONG, at, value(i, k));
                    }
                }
                writer.writeRow(row, 8);
            }
        }
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x93, bytes.get(0) & 0xff);
        assertEquals("NUMPY\1\0", new String(bytes.array(), 1, 7, StandardCharsets.ISO_8859_1));
        final int start = 10 + bytes.getShort(8);
        assertEquals(0, start % 64);
        final String kind = switch (type) {
            case F32 -> "f4";
            case F64 -> "f8";
            case I32 -> "i4";
            case I64 -> "i8";
        };
        final String header = new String(bytes.array(), 10, start - 10, StandardCharsets.US_ASCII);
        assertEquals("{'descr': '<" + kind + "', 'fortran_order': False, 'shape': (7000, 5), }", header.strip());
        assertEquals('\n', header.charAt(header.length() - 1));
        assertEquals(start + rows * columns * type.bytes(), bytes.capacity());
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                final int at = start + (i * columns + k) * type.bytes();
                final double read = switch (type) {
                    case F32 -> bytes.getFloat(at);
                    case F64 -> bytes.getDouble(at);
                    case I32 -> bytes.getInt(at);
                    case I64 -> bytes.getLong(at);
                };
                assertEquals(value(i, k), read);
            }
        }
    }

    @Test
    void holdsTheNumberOfRowsToWhatWasAnnounced() throws IOException {
        final MemorySegment row = Arena.ofAuto().allocate(8);
        final NpyWriter writer = new NpyWriter(folder.resolve("b.npy"), ElementType.F64, 2, 1);
        writer.writeRow(row, 0);
        assertThrows(IOException.class, writer::close);
        try (NpyWriter full = new NpyWriter(folder.resolve("c.npy"), ElementType.F64, 1, 1)) {
            full.writeRow(row, 0);
            assertThrows(IllegalStateException.class, () -> full.writeRow(row, 0));
        }
    }

    private static int value(final int row, final int column) {
        return 10 * row - column;
    }
}
