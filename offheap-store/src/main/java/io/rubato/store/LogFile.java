package io.rubato.store;

import static io.rubato.store.FileHeader.checksum;
import static io.rubato.store.FileHeader.require;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a worker's delta log shares with a shard on its machine: the file {@code TABLE.SHARD.WORKER.deltas} beside the
 * shard's slab, mode 0600. The worker's process creates and writes it, the shard maps it read-only, and deletes it when
 * it closes the slab, or opens it for another job. All numbers are in the machine's byte order.
 *
 * <pre>
 *  0        8        16        24         28       32                4096
 *  | magic  | job    | length  | version  | CRC32C | zeros           | deltas, as the worker's log has them
 * </pre>
 *
 * where length is that of the deltas, and the checksum covers what lies before it.
 */
final class LogFile {
    /** "RUBATODL" in ASCII, read as a little-endian number. */
    private static final long MAGIC = 0x4c44_4f54_4142_5552L;
    private static final int VERSION = 1;
    private static final int MAGIC_OFFSET = 0;
    private static final int JOB_OFFSET = 8;
    private static final int LENGTH_OFFSET = 16;
    private static final int VERSION_OFFSET = 24;
    private static final int CHECKSUM_OFFSET = 28;
    private static final int HEADER_LENGTH = 32;
    private static final int DELTAS_OFFSET = 4096;
    private static final String SUFFIX = ".deltas";

    private LogFile() {
    }

    /** Beside a slab; for a worker's index in the job. */
    static Path path(final Path slab, final SlabHeader header, final int worker) {
        return slab.resolveSibling(header.name() + "." + header.shard() + "." + worker + SUFFIX);
    }

    /**
     * Makes the file, in the place of one that is there, and maps it for as long as the result is reachable.
     *
     * @return the deltas, all 0
     * @throws IOException if there is no room, or less than 32 MiB would be left
     */
    static MemorySegment create(final Path path, final long job, final long bytes) throws IOException {
        Files.deleteIfExists(path);
        FileSpace.requireRoom(path, bytes);
        try (FileChannel channel = FileChannel.open(path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                SlabFile.OWNER_ONLY)) {
            try {
                // A few megabytes are written sooner than posix_fallocate is linked.
                FileSpace.writeZeros(channel, 0, DELTAS_OFFSET + bytes);
                channel.write(header(job, bytes), 0);
                return map(channel, FileChannel.MapMode.READ_WRITE, bytes, Arena.ofAuto());
            } catch (final IOException | RuntimeException e) {
                Files.deleteIfExists(path);
                throw e;
            }
        }
    }

    /**
     * Maps a worker's file until the arena is closed.
     *
     * @return the deltas, read-only
     * @throws java.io.UncheckedIOException if its content is wrong
     */
    static MemorySegment open(final Path path, final long job, final Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            final ByteBuffer bytes = FileHeader.read(path, channel, HEADER_LENGTH, "a header");
            require(path, MAGIC_OFFSET, "magic", bytes.getLong(MAGIC_OFFSET), MAGIC);
            require(path, VERSION_OFFSET, "layout version", bytes.getInt(VERSION_OFFSET), VERSION);
            require(path, CHECKSUM_OFFSET, "header checksum", bytes.getInt(CHECKSUM_OFFSET),
                    checksum(bytes, CHECKSUM_OFFSET));
            require(path, JOB_OFFSET, "job", bytes.getLong(JOB_OFFSET), job);
            final long length = bytes.getLong(LENGTH_OFFSET);
            if (length < 1) {
                throw SlabError.wrong(path, LENGTH_OFFSET, length + " bytes of deltas", "at least 1");
            }
            require(path, Math.min(channel.size(), DELTAS_OFFSET + length), "a file of bytes", channel.size(),
                    DELTAS_OFFSET + length);
            return map(channel, FileChannel.MapMode.READ_ONLY, length, arena);
        }
    }

    /** Deletes the files that workers have made for a slab, if their directory is still there. */
    static void deleteAll(final Path slab, final SlabHeader header) throws IOException {
        if (!Files.isDirectory(slab.toAbsolutePath().getParent())) {
            return;
        }
        final Pattern name =
                Pattern.compile(Pattern.quote(header.name() + "." + header.shard() + ".") + "\\d+" + SUFFIX);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(slab.toAbsolutePath().getParent(),
                file -> name.matcher(file.getFileName().toString()).matches())) {
            for (final Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static MemorySegment map(final FileChannel channel, final FileChannel.MapMode mode, final long bytes,
            final Arena arena) throws IOException {
        return SlabFile.plain(channel.map(mode, 0, DELTAS_OFFSET + bytes, arena), arena).asSlice(DELTAS_OFFSET);
    }

    private static ByteBuffer header(final long job, final long length) {
        final ByteBuffer bytes = FileHeader.allocate(HEADER_LENGTH);
        return bytes.putLong(MAGIC_OFFSET, MAGIC).putLong(JOB_OFFSET, job).putLong(LENGTH_OFFSET, length)
                .putInt(VERSION_OFFSET, VERSION).putInt(CHECKSUM_OFFSET, checksum(bytes, CHECKSUM_OFFSET));
    }
}
