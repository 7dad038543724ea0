package io.rubato.store;

import io.rubato.Table;
import io.rubato.port.StoreFactory;
import io.rubato.port.StoreOpening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Keeps rows in mapped files of one directory: {@code TABLE.SHARD.slab}, mode 0600, and beside them deltas that workers
 * on this machine share with the shard.
 *
 * <p>A directory in {@code /dev/shm} is the fastest and vanishes when the machine stops; one on a disk is as fast while
 * the rows fit into the page cache. A store that was closed is found again with its rows. A store whose process died is
 * not: some of a batch may have been added and the rest not, so it is refused, and whoever wants to start
 * over deletes the file.
 */
public final class SlabStoreFactory implements StoreFactory {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path directory;

    /**
     * Creates the directory, mode 0700, unless it exists.
     *
     * @param directory holds the files
     * @throws java.io.UncheckedIOException if it cannot be created, or exists and others than its owner may enter it
     */
    public SlabStoreFactory(final Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            final Set<PosixFilePermission> found = Files.getPosixFilePermissions(directory);
            if (!OWNER_ONLY.containsAll(found)) {
                throw new IOException("its permissions are " + PosixFilePermissions.toString(found)
                        + ", expected " + PosixFilePermissions.toString(OWNER_ONLY));
            }
        } catch (final IOException e) {
            throw SlabError.failed(directory, "keep row stores in this directory", e);
        }
    }

    /**
     * Where a store's file lies.
     *
     * @param directory of the factory
     * @param table     name of the table
     * @param shard     index
     * @return the path, whether or not the file exists
     */
    public static Path file(final Path directory, final String table, final int shard) {
        return directory.resolve(table + "." + shard + ".slab");
    }

    /**
     * {@inheritDoc}
     *
     * <p>The opening reserves the whole file where it creates one, a part at a time: up to a second per GiB. The rows belong
     * to the caller alone until the store is closed; a second opener is refused, in whichever process.
     */
    @Override
    public StoreOpening begin(final long job, final Table table, final int shard, final int rows, final int clients) {
        if (rows < 1 || clients < 0) {
            throw new IllegalArgumentException(
                    "rows must be at least 1 and clients at least 0, got " + rows + " and " + clients);
        }
        return new SlabOpening(job, file(directory, table.spec().name(), shard),
                SlabHeader.of(table, shard, rows, clients));
    }
}
