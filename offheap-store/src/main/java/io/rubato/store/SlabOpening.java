package io.rubato.store;

import io.rubato.port.RowStore;
import io.rubato.port.StoreOpening;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Creates a slab file, a part of its room at a time, and opens it; or opens the one that is there.
 *
 * <p>The header is written last: a file whose creation was cut short has none, and is refused from then on.
 */
final class SlabOpening implements StoreOpening {
    /** Some milliseconds in memory; some tens where zeros have to be written. */
    private static final long STEP = 32L << 20;

    private final long job;
    private final Path path;
    private final SlabHeader header;
    private boolean isBegun;
    /** Of the file that is being created; null if none is. */
    private FileChannel created;
    private long reserved;

    SlabOpening(final long job, final Path path, final SlabHeader header) {
        this.job = job;
        this.path = path;
        this.header = header;
    }

    @Override
    public RowStore proceed() {
        try {
            if (!isBegun) {
                isBegun = true;
                create();
            }
            if (created != null) {
                reserveNext();
            }
            return created == null ? own() : null;
        } catch (final IOException e) {
            throw SlabError.failed(path, "open this row store", e);
        }
    }

    private void create() throws IOException {
        try {
            created = FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    SlabFile.OWNER_ONLY);
        } catch (final FileAlreadyExistsException e) {
            // Found again: the checks of its content decide.
        }
    }

    /** Reserves a part; after the last one the file is complete, and no longer being created. */
    private void reserveNext() throws IOException {
        try {
            // Others take room between the steps, and all of them must leave some.
            FileSpace.requireRoom(path, header.fileLength() - reserved);
            final long end = Math.min(header.fileLength(), reserved + STEP);
            FileSpace.reserve(path, created, reserved, end);
            reserved = end;
            if (reserved == header.fileLength()) {
                created.write(header.encode(), 0);
                created.close();
                created = null;
            }
        } catch (final IOException | RuntimeException e) {
            try {
                cancel();
            } catch (final RuntimeException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private RowStore own() throws IOException {
        final Arena arena = Arena.ofShared();
        try {
            final SlabFile file = SlabFile.map(path, FileChannel.MapMode.READ_WRITE, arena);
            header.requireIn(path, file.header());
            return Slab.own(file, arena, job);
        } catch (final IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public void cancel() {
        if (created == null) {
            return;
        }
        try (FileChannel _ = created) {
            created = null;
            Files.deleteIfExists(path);
        } catch (final IOException e) {
            throw SlabError.failed(path, "give up this row store", e);
        }
    }
}
