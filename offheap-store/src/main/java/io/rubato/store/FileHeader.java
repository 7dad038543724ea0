package io.rubato.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** How the bytes at the beginning of a mapped file are read and checked. */
final class FileHeader {
    private FileHeader() {
    }

    /** Zeros, to be written. */
    static ByteBuffer allocate(final int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    }

    /**
     * Reads all of it.
     *
     * @param what is read, for the error
     * @throws java.io.UncheckedIOException if the file ends before
     */
    static ByteBuffer read(final Path file, final FileChannel channel, final int length, final String what)
            throws IOException {
        final ByteBuffer bytes = allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, bytes.position()) < 0) {
                throw SlabError.wrong(file, bytes.position(), "the end of the file", what + " of " + length + " bytes");
            }
        }
        return bytes;
    }

    /** CRC32C of what lies before it. */
    static int checksum(final ByteBuffer bytes, final int offset) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, offset);
        return (int) crc.getValue();
    }

    /** Refuses anything but what is expected. */
    static void require(final Path file, final long offset, final String what, final Object found,
            final Object expected) {
        if (!found.equals(expected)) {
            throw SlabError.wrong(file, offset, what + " " + found, expected.toString());
        }
    }
}
