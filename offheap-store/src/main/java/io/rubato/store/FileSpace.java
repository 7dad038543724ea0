package io.rubato.store;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Reserves the space of a file before it is mapped: a full disk or /dev/shm is then an error here, where a sparse file
 * would kill the process with SIGBUS at some later store.
 *
 * <p>{@code posix_fallocate} does so in well under a second per GiB. Where the C library or the file system lacks it,
 * zeros are written, which takes seconds per GiB; and into short files, as a JVM that has just started takes longer to
 * link a C function (decision 0020).
 */
final class FileSpace {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int O_RDWR = 2;
    private static final int EINTR = 4;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int EOPNOTSUPP = 95;
    private static final int ZEROS_LENGTH = 1 << 20;
    private static final int SHORT_FILE = 16 << 20;
    /** The transport's buffers are sparse files: what they have not touched yet must find room later. */
    private static final long LEFT_FREE = 32L << 20;

    private FileSpace() {
    }

    /**
     * Looks whether there is room before it is taken: what is tried and fails would take all that is left for a moment,
     * and who touches a sparse file meanwhile is killed.
     *
     * @throws IOException if there is not, or less than 32 MiB would be left
     */
    static void requireRoom(final Path file, final long bytes) throws IOException {
        final File folder = file.toAbsolutePath().getParent().toFile();
        final long free = folder.getUsableSpace();
        // Some file systems have no size.
        if (free < bytes + LEFT_FREE && folder.getTotalSpace() > 0) {
            throw new IOException("no room for " + bytes + " bytes: " + free + " are free, of which " + LEFT_FREE
                    + " are left to others");
        }
    }

    /**
     * Makes a file longer, by zeros.
     *
     * @param file    new
     * @param channel open for writing on it
     * @param from    its length
     * @param end     its length then
     * @throws IOException if there is no room
     */
    static void reserve(final Path file, final FileChannel channel, final long from, final long end)
            throws IOException {
        if (end <= SHORT_FILE || Linker.nativeLinker().defaultLookup().find("posix_fallocate").isEmpty()) {
            writeZeros(channel, from, end);
            return;
        }
        final int error = allocate(file, from, end - from);
        if (error == EOPNOTSUPP || error == EINVAL) {
            writeZeros(channel, from, end);
        } else if (error != 0) {
            throw new IOException("no room for " + end + " bytes of the file, "
                    + (error == ENOSPC ? "no space left" : "error " + error));
        }
    }

    static void writeZeros(final FileChannel channel, final long from, final long end) throws IOException {
        final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_LENGTH);
        for (long at = from; at < end;) {
            zeros.clear().limit((int) Math.min(ZEROS_LENGTH, end - at));
            at += channel.write(zeros, at);
        }
    }

    /** Returns 0 or an error number. */
    private static int allocate(final Path file, final long from, final long length) throws IOException {
        final MethodHandle open = function("open", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT),
                Linker.Option.firstVariadicArg(2));
        final MethodHandle fallocate = function("posix_fallocate", FunctionDescriptor.of(INT, INT, LONG, LONG));
        final MethodHandle close = function("close", FunctionDescriptor.of(INT, INT));
        try (Arena arena = Arena.ofConfined()) {
            final int descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), O_RDWR);
            if (descriptor < 0) {
                throw new IOException("open(2) failed");
            }
            int error;
            do {
                error = (int) fallocate.invokeExact(descriptor, from, length);
            } while (error == EINTR);
            final int ignored = (int) close.invokeExact(descriptor);
            return error;
        } catch (final IOException | RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(final String name, final FunctionDescriptor shape,
            final Linker.Option... options) {
        final Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, options);
    }
}
