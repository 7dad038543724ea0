package io.rubato.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A slab file, mapped.
 *
 * @param path   of the file
 * @param header checked
 * @param mapped the file, for {@link MemorySegment#force()} alone: it is of another class than the segments that
 *               messages come in, and two classes in one kernel's call sites would slow both down
 * @param memory the same bytes as a plain native segment, bounded and bound to the arena
 */
record SlabFile(Path path, SlabHeader header, MemorySegment mapped, MemorySegment memory) {
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * Maps an existing file until the arena is closed.
     *
     * @throws java.io.UncheckedIOException if its content is wrong
     */
    static SlabFile map(final Path path, final FileChannel.MapMode mode, final Arena arena) throws IOException {
        final Set<StandardOpenOption> options = mode == FileChannel.MapMode.READ_ONLY
                ? Set.of(StandardOpenOption.READ) : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(path, options)) {
            final SlabHeader header = SlabHeader.read(path, channel);
            final MemorySegment mapped = channel.map(mode, 0, header.fileLength(), arena);
            return new SlabFile(path, header, mapped, plain(mapped, arena));
        }
    }

    /** The same bytes as mapped, of the class of other native segments. */
    @SuppressWarnings("restricted")
    static MemorySegment plain(final MemorySegment mapped, final Arena arena) {
        final MemorySegment plain =
                MemorySegment.ofAddress(mapped.address()).reinterpret(mapped.byteSize(), arena, null);
        return mapped.isReadOnly() ? plain.asReadOnly() : plain;
    }
}
