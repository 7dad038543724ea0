package io.rubato.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.ElementType;
import io.rubato.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Corrupt, truncated and foreign slab files are refused by writer and reader alike, in one line that names file and
 * offset.
 */
class SlabHeaderTest {
    private static final Table TABLE = RowStoreContract.table(4, "items", 10, 3, ElementType.I64);

    @TempDir
    private Path directory;
    private Path file;
    private byte[] valid;

    @BeforeEach
    void create() throws IOException {
        openAndClose();
        file = SlabStoreFactory.file(directory, "items", 1);
        valid = Files.readAllBytes(file);
    }

    @Test
    void everyFlippedBitOfTheImmutableHeaderIsRefused() throws IOException {
        for (int bit = 0; bit < SlabLayout.HEADER_LENGTH * 8; bit++) {
            final byte[] flipped = valid.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            final int wrong = bit / 8;
            assertRefused(wrong < 8 ? SlabLayout.MAGIC_OFFSET
                    : wrong < 12 ? SlabLayout.VERSION_OFFSET : SlabLayout.CHECKSUM_OFFSET);
        }
    }

    @Test
    void everyOtherLengthIsRefused() throws IOException {
        final int firstRow = (int) SlabLayout.firstRowOffset(2);
        final int stride = (int) SlabLayout.stride(ElementType.I64, 3);
        assertEquals(valid.length, firstRow + 10 * stride);
        for (final int length : List.of(0, 1, 7, 8, 11, 12, 123, 127, 128, 129, 191, 192, 255, 256, 263, 383,
                firstRow - 1, firstRow, firstRow + 1, firstRow + stride - 1, firstRow + stride, firstRow + 9 * stride,
                valid.length - 1)) {
            Files.write(file, Arrays.copyOf(valid, length));
            assertRefused(length);
        }
        Files.write(file, Arrays.copyOf(valid, valid.length + 1));
        assertRefused(valid.length);
    }

    @Test
    void aCreationThatWasCutShortIsNotTakenForASlab() throws IOException {
        Files.write(file, new byte[valid.length]);
        assertTrue(assertRefused(0).contains("creation"));
    }

    @Test
    void foreignFilesAreRefused() throws IOException {
        Files.writeString(file, "user\titem\trating\n".repeat(1000));
        assertRefused(SlabLayout.MAGIC_OFFSET);
        final byte[] swapped = valid.clone();
        ByteBuffer.wrap(swapped).order(ByteOrder.nativeOrder()).putLong(0, Long.reverseBytes(SlabLayout.MAGIC));
        Files.write(file, swapped);
        assertRefused(SlabLayout.MAGIC_OFFSET);
    }

    /** A header that lies behind a checksum that is right must not make anyone map or address what is not there. */
    @ParameterizedTest
    @CsvSource({"12,0", "12,5", "24,0", "24,-1", "24,11", "24,9", "24,2147483647", "28,0", "28,-3", "28,1048577",
            "28,9", "32,-1", "32,1000", "32,2147483647", "36,0", "36,-1", "36,65", "40,8", "40,0", "44,1", "48,0",
            "52,1"})
    void impossibleFieldsAreRefused(final int offset, final int value) throws IOException {
        final byte[] forged = valid.clone();
        final ByteBuffer bytes = ByteBuffer.wrap(forged).order(ByteOrder.nativeOrder()).putInt(offset, value);
        final CRC32C crc = new CRC32C();
        crc.update(forged, 0, SlabLayout.CHECKSUM_OFFSET);
        bytes.putInt(SlabLayout.CHECKSUM_OFFSET, (int) crc.getValue());
        Files.write(file, forged);
        assertRefused();
    }

    @Test
    void rowsOfAnotherTableShardOrShapeAreRefused() {
        assertOpenRefused("offset 16: found table id 4, expected 5", table(5, "items", 3, ElementType.I64), 1, 10, 2);
        assertOpenRefused("offset 12: found element type I64, expected F64",
                table(4, "items", 3, ElementType.F64), 1, 10, 2);
        assertOpenRefused("offset 28: found columns 3, expected 4", table(4, "items", 4, ElementType.I64), 1, 10, 2);
        assertOpenRefused("offset 24: found rows 10, expected 9", TABLE, 1, 9, 2);
        assertOpenRefused("offset 32: found clients 2, expected 3", TABLE, 1, 10, 3);
    }

    @Test
    void aRenamedFileIsRefused() throws IOException {
        Files.copy(file, SlabStoreFactory.file(directory, "items", 2));
        Files.copy(file, SlabStoreFactory.file(directory, "users", 1));
        assertOpenRefused("offset 20: found shard 1, expected 2", TABLE, 2, 10, 2);
        assertOpenRefused("offset 56: found table name items, expected users",
                table(4, "users", 3, ElementType.I64), 1, 10, 2);
    }

    @Test
    void aDirectoryInThePlaceOfTheFileIsAnErrorThatNamesIt() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
        final String message =
                assertThrows(UncheckedIOException.class, this::openAndClose).getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertThrows(UncheckedIOException.class, () -> new SlabReader(directory.resolve("missing"), 0));
    }

    /** No row straddles more cache lines than it must, and small ones waste little. */
    @ParameterizedTest
    @CsvSource({"F32,1,16", "F32,2,16", "F32,3,32", "F32,6,32", "F32,7,64", "F32,14,64", "F32,15,128", "F32,30,128",
            "F32,31,192", "F32,32,192", "F32,100,448", "F32,128,576", "F64,1,16", "F64,7,64", "F64,8,128",
            "I64,1048576,8388672"})
    void strides(final ElementType type, final int columns, final long stride) {
        assertEquals(stride, SlabLayout.stride(type, columns));
    }

    private static Table table(final int id, final String name, final int columns, final ElementType type) {
        return RowStoreContract.table(id, name, 10, columns, type);
    }

    private void openAndClose() {
        new SlabStoreFactory(directory).open(RowStoreContract.JOB, TABLE, 1, 10, 2).close();
    }

    private String assertRefused(final long offset) {
        final String message = assertRefused();
        assertTrue(message.startsWith(file + ": offset " + offset + ": found "),
                () -> "not at offset " + offset + ": " + message);
        return message;
    }

    private String assertRefused() {
        final String message =
                assertThrows(UncheckedIOException.class, this::openAndClose).getMessage();
        assertTrue(message.matches("[^\n]+: offset \\d+: found [^\n]+, expected [^\n]+"), message);
        assertEquals(message, assertThrows(UncheckedIOException.class, () -> new SlabReader(file, 0)).getMessage());
        return message;
    }

    private void assertOpenRefused(final String expected, final Table table, final int shard, final int rows,
            final int clients) {
        final Path path = SlabStoreFactory.file(directory, table.spec().name(), shard);
        assertEquals(path + ": " + expected, assertThrows(UncheckedIOException.class,
                () -> new SlabStoreFactory(directory).open(RowStoreContract.JOB, table, shard, rows, clients))
                .getMessage());
        assertEquals(path + ": " + expected, assertThrows(UncheckedIOException.class,
                () -> SlabReader.of(directory, RowStoreContract.JOB, table, shard, rows, clients, clients - 1))
                .getMessage());
    }
}
