package io.rubato.learn;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of a file, plain or gzipped (told by its first two bytes, not by its name), ended by LF or CRLF; a byte
 * order mark at its start does not count.
 */
public final class TextLines {
    /** Longest line that is accepted, bytes. */
    public static final int MAX_LINE_BYTES = 1 << 14;

    private static final int BUFFER_BYTES = 1 << 17;

    private final Path file;
    private final Target target;
    private long line;

    private TextLines(final Path file, final Target target) {
        this.file = file;
        this.target = target;
    }

    /** Takes the lines. */
    @FunctionalInterface
    public interface Target {
        /**
         * One line.
         *
         * @param number from 1
         * @param bytes  hold it until this method returns
         * @param from   its first byte
         * @param to     after its last byte; the line's end is not part of it
         */
        void onLine(long number, byte[] bytes, int from, int to);
    }

    /**
     * Reads a whole file.
     *
     * @param file   plain or gzipped
     * @param what   it should be, for the message if it is none
     * @param target of the lines, in order
     * @throws InputException naming the file, and what was expected, if it cannot be read
     */
    public static void read(final Path file, final String what, final Target target) {
        if (Files.isDirectory(file)) {
            throw new InputException(file, "expected " + what + ", found a directory");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InputException(file,
                    "expected a regular file: every process of a job reads it from its beginning");
        }
        final TextLines lines = new TextLines(file, target);
        try (InputStream raw = Files.newInputStream(file); InputStream plain = unpacked(raw)) {
            lines.readAll(plain);
        } catch (final NoSuchFileException e) {
            throw new InputException(file, "no such file", e);
        } catch (final AccessDeniedException e) {
            throw new InputException(file, "permission to read denied", e);
        } catch (final IOException e) {
            throw new InputException(file, "expected readable text or gzip, but after line " + lines.line + ": "
                    + (e.getMessage() == null ? "it ends too early" : e.getMessage()), e);
        }
    }

    private static InputStream unpacked(final InputStream raw) throws IOException {
        final BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER_BYTES);
        buffered.mark(2);
        final boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return gzip ? new WholeGzip(buffered) : buffered;
    }

    /** Refuses what follows the end of a gzip file and is none: the library would pass over it in silence. */
    private static final class WholeGzip extends GZIPInputStream {
        private static final int TRAILER_BYTES = 8;

        WholeGzip(final InputStream in) throws IOException {
            super(in, BUFFER_BYTES);
        }

        @Override
        public int read(final byte[] target, final int offset, final int length) throws IOException {
            final int read = super.read(target, offset, length);
            if (read < 0 && (inf.getRemaining() > TRAILER_BYTES || in.read() >= 0)) {
                throw new ZipException("what follows is no gzip, or cut short");
            }
            return read;
        }
    }

    private void readAll(final InputStream in) throws IOException {
        final byte[] buffer = new byte[BUFFER_BYTES];
        int start = 0;
        int filled = 0;
        int read = in.read(buffer, 0, buffer.length);
        if (hasByteOrderMark(buffer, read)) {
            start = 3;
        }
        while (read >= 0) {
            filled += read;
            int end = start;
            while (end < filled) {
                if (buffer[end] == '\n') {
                    onLine(buffer, start, end);
                    start = end + 1;
                }
                end++;
            }
            if (filled - start > MAX_LINE_BYTES) {
                throw tooLong(line + 1);
            }
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            start = 0;
            read = in.read(buffer, filled, buffer.length - filled);
        }
        if (filled > start) {
            onLine(buffer, start, filled);
        }
    }

    private static boolean hasByteOrderMark(final byte[] buffer, final int length) {
        return length >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF;
    }

    private void onLine(final byte[] bytes, final int from, final int lineEnd) {
        line++;
        if (lineEnd - from > MAX_LINE_BYTES) {
            throw tooLong(line);
        }
        target.onLine(line, bytes, from, lineEnd > from && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd);
    }

    /**
     * Whether there is nothing in a line but blanks.
     *
     * @param bytes that hold it
     * @param from  its first byte
     * @param to    after its last byte
     * @return true if so
     */
    public static boolean isBlank(final byte[] bytes, final int from, final int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private InputException tooLong(final long where) {
        return new InputException(file, where, "expected at most " + MAX_LINE_BYTES + " bytes in a line");
    }
}
