package io.rubato.store;

import static io.rubato.store.FileHeader.checksum;
import static io.rubato.store.FileHeader.require;

import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The immutable part of a slab file's header: whose rows it holds, and their shape.
 *
 * @param table   id of the table
 * @param name    of the table
 * @param shard   index of the shard that owns the rows
 * @param type    of every element
 * @param rows    how many of the table's rows lie here
 * @param columns elements per row
 * @param clients how many clients have an applied sequence
 */
public record SlabHeader(int table, String name, int shard, ElementType type, int rows, int columns, int clients) {
    /** Of one shard's rows of a table. */
    static SlabHeader of(final Table table, final int shard, final int rows, final int clients) {
        final TableSpec spec = table.spec();
        return new SlabHeader(table.id(), spec.name(), shard, spec.type(), rows, spec.columns(), clients);
    }

    int rowBytes() {
        return columns * type.bytes();
    }

    long stride() {
        return SlabLayout.stride(type, columns);
    }

    int sequenceOffset() {
        return SlabLayout.sequenceOffset(type, columns);
    }

    long firstRowOffset() {
        return SlabLayout.firstRowOffset(clients);
    }

    long fileLength() {
        return firstRowOffset() + rows * stride();
    }

    /** The header's bytes, checksum included. */
    ByteBuffer encode() {
        final byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        final ByteBuffer bytes = FileHeader.allocate(SlabLayout.HEADER_LENGTH);
        bytes.putLong(SlabLayout.MAGIC_OFFSET, SlabLayout.MAGIC)
                .putInt(SlabLayout.VERSION_OFFSET, SlabLayout.VERSION)
                .putInt(SlabLayout.TYPE_OFFSET, code(type))
                .putInt(SlabLayout.TABLE_OFFSET, table)
                .putInt(SlabLayout.SHARD_OFFSET, shard)
                .putInt(SlabLayout.ROWS_OFFSET, rows)
                .putInt(SlabLayout.COLUMNS_OFFSET, columns)
                .putInt(SlabLayout.CLIENTS_OFFSET, clients)
                .putInt(SlabLayout.NAME_LENGTH_OFFSET, ascii.length)
                .putLong(SlabLayout.STRIDE_OFFSET, stride())
                .putLong(SlabLayout.FIRST_ROW_OFFSET, firstRowOffset())
                .put(SlabLayout.NAME_OFFSET, ascii)
                .putInt(SlabLayout.CHECKSUM_OFFSET, checksum(bytes, SlabLayout.CHECKSUM_OFFSET));
        return bytes;
    }

    /**
     * Reads and checks the header and the length of a slab file.
     *
     * @throws java.io.UncheckedIOException if the content is wrong
     */
    static SlabHeader read(final Path file, final FileChannel channel) throws IOException {
        final ByteBuffer bytes = FileHeader.read(file, channel, SlabLayout.HEADER_LENGTH, "a slab header");
        final SlabHeader header = decode(file, bytes);
        final long length = channel.size();
        if (length != header.fileLength()) {
            throw SlabError.wrong(file, Math.min(length, header.fileLength()), "a file of " + length + " bytes",
                    header.fileLength() + " for " + header.rows + " rows");
        }
        return header;
    }

    /** Refuses a file that holds other rows than these. */
    void requireIn(final Path file, final SlabHeader found) {
        require(file, SlabLayout.TABLE_OFFSET, "table id", found.table, table);
        require(file, SlabLayout.NAME_OFFSET, "table name", found.name, name);
        require(file, SlabLayout.SHARD_OFFSET, "shard", found.shard, shard);
        require(file, SlabLayout.TYPE_OFFSET, "element type", found.type, type);
        require(file, SlabLayout.ROWS_OFFSET, "rows", found.rows, rows);
        require(file, SlabLayout.COLUMNS_OFFSET, "columns", found.columns, columns);
        require(file, SlabLayout.CLIENTS_OFFSET, "clients", found.clients, clients);
    }

    private static SlabHeader decode(final Path file, final ByteBuffer bytes) {
        final long magic = bytes.getLong(SlabLayout.MAGIC_OFFSET);
        if (magic == 0) {
            throw SlabError.wrong(file, SlabLayout.MAGIC_OFFSET, "no magic", "a slab whose creation was completed");
        }
        require(file, SlabLayout.MAGIC_OFFSET, "magic", hex(magic), hex(SlabLayout.MAGIC));
        require(file, SlabLayout.VERSION_OFFSET, "layout version",
                bytes.getInt(SlabLayout.VERSION_OFFSET), SlabLayout.VERSION);
        require(file, SlabLayout.CHECKSUM_OFFSET, "header checksum",
                hex(bytes.getInt(SlabLayout.CHECKSUM_OFFSET)), hex(checksum(bytes, SlabLayout.CHECKSUM_OFFSET)));

        final int rows = inRange(file, bytes, SlabLayout.ROWS_OFFSET, "rows", 1, Integer.MAX_VALUE);
        final int columns = inRange(file, bytes, SlabLayout.COLUMNS_OFFSET, "columns", 1, TableSpec.MAX_COLUMNS);
        final int clients = inRange(file, bytes, SlabLayout.CLIENTS_OFFSET, "clients", 0, Integer.MAX_VALUE);
        final int nameLength =
                inRange(file, bytes, SlabLayout.NAME_LENGTH_OFFSET, "name length", 1, SlabLayout.MAX_NAME_LENGTH);
        final String name =
                new String(bytes.array(), SlabLayout.NAME_OFFSET, nameLength, StandardCharsets.US_ASCII);
        final SlabHeader header = new SlabHeader(bytes.getInt(SlabLayout.TABLE_OFFSET), name,
                bytes.getInt(SlabLayout.SHARD_OFFSET), type(file, bytes.getInt(SlabLayout.TYPE_OFFSET)),
                rows, columns, clients);
        require(file, SlabLayout.STRIDE_OFFSET, "stride", bytes.getLong(SlabLayout.STRIDE_OFFSET), header.stride());
        require(file, SlabLayout.FIRST_ROW_OFFSET, "offset of row 0",
                bytes.getLong(SlabLayout.FIRST_ROW_OFFSET), header.firstRowOffset());
        return header;
    }

    private static int inRange(final Path file, final ByteBuffer bytes, final int offset, final String what,
            final int lowest, final int highest) {
        final int value = bytes.getInt(offset);
        if (value < lowest || value > highest) {
            throw SlabError.wrong(file, offset, what + " " + value, lowest + " to " + highest);
        }
        return value;
    }

    private static int code(final ElementType type) {
        return switch (type) {
            case F32 -> 1;
            case F64 -> 2;
            case I32 -> 3;
            case I64 -> 4;
        };
    }

    private static ElementType type(final Path file, final int code) {
        return switch (code) {
            case 1 -> ElementType.F32;
            case 2 -> ElementType.F64;
            case 3 -> ElementType.I32;
            case 4 -> ElementType.I64;
            default -> throw SlabError.wrong(file, SlabLayout.TYPE_OFFSET, "element type " + code, "1 to 4");
        };
    }

    private static String hex(final long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String hex(final int value) {
        return "0x" + Integer.toHexString(value);
    }
}
