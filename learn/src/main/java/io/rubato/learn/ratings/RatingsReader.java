package io.rubato.learn.ratings;

import io.rubato.learn.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Reads ratings: lines of {@code user item rating [timestamp]}, plain or gzipped (told by the file's first two bytes,
 * not by its name), in UTF-8, ended by LF or CRLF. Blank lines are skipped.
 *
 * <p>The separator is the first of tab, {@code ::}, comma, spaces that cuts the first line into three or four columns;
 * every line must then have three or four. Spaces around a column do not count. User and item are any text without the
 * separator; the rating is a finite decimal number; the timestamp is not looked at.
 *
 * <p>The first line is a header if none of its first three columns is a number, where {@code NaN} and {@code Infinity}
 * pass for numbers: a first line such as {@code 1,2,x} or {@code a,b,NaN} is a bad rating.
 */
public final class RatingsReader {
    /** Longest line that is accepted, bytes. */
    public static final int MAX_LINE_BYTES = 1 << 14;

    private static final int BUFFER_BYTES = 1 << 17;
    private static final int MAX_RATINGS = Integer.MAX_VALUE - 8;
    private static final int MIN_COLUMNS = 3;
    private static final int MAX_COLUMNS = 4;

    private final Path file;
    private final IdTable userIds = new IdTable();
    private final IdTable itemIds = new IdTable();
    private final int[] starts = new int[MAX_COLUMNS];
    private final int[] ends = new int[MAX_COLUMNS];
    private int[] users = new int[1 << 12];
    private int[] items = new int[1 << 12];
    private float[] values = new float[1 << 12];
    private int count;
    private long line;
    private Separator separator;

    private RatingsReader(final Path file) {
        this.file = file;
    }

    /**
     * Reads a whole file.
     *
     * @param file plain or gzipped
     * @return at least one rating
     * @throws InputException naming file, line and what was expected
     */
    public static Ratings read(final Path file) {
        if (Files.isDirectory(file)) {
            throw new InputException(file, "expected a file of ratings, found a directory");
        }
        final RatingsReader reader = new RatingsReader(file);
        try (InputStream raw = Files.newInputStream(file); InputStream plain = unpacked(raw)) {
            reader.readLines(plain);
        } catch (final NoSuchFileException e) {
            throw new InputException(file, "no such file", e);
        } catch (final AccessDeniedException e) {
            throw new InputException(file, "permission to read denied", e);
        } catch (final IOException e) {
            throw new InputException(file, "expected readable text or gzip, but after line " + reader.line + ": "
                    + (e.getMessage() == null ? "it ends too early" : e.getMessage()), e);
        }
        return reader.ratings();
    }

    private static InputStream unpacked(final InputStream raw) throws IOException {
        final BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER_BYTES);
        buffered.mark(2);
        final boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return gzip ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
    }

    private void readLines(final InputStream in) throws IOException {
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
        final int to = lineEnd > from && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (isBlank(bytes, from, to)) {
            return;
        }
        if (separator == null) {
            separator = separatorOf(bytes, from, to);
            separator.split(bytes, from, to, starts, ends);
            if (isHeader(bytes)) {
                return;
            }
        }
        final int columns = separator.split(bytes, from, to, starts, ends);
        if (columns < MIN_COLUMNS || columns > MAX_COLUMNS) {
            throw new InputException(file, line, "expected 3 or 4 columns (user item rating [timestamp]) separated by "
                    + separator.label + ", got " + columns);
        }
        addRating(bytes);
    }

    private void addRating(final byte[] bytes) {
        final float value = Decimal.parse(bytes, starts[2], ends[2]);
        if (Float.isNaN(value)) {
            final String text = column(bytes, 2);
            throw new InputException(file, line, "expected a " + (Decimal.isSpecial(text) ? "finite " : "")
                    + "number as rating in column 3, got " + InputException.quote(text));
        }
        if (count == values.length) {
            grow();
        }
        users[count] = number(userIds, bytes, 0, "user");
        items[count] = number(itemIds, bytes, 1, "item");
        values[count] = value;
        count++;
    }

    private int number(final IdTable ids, final byte[] bytes, final int column, final String what) {
        if (starts[column] == ends[column]) {
            throw new InputException(file, line,
                    "expected text as " + what + " in column " + (column + 1) + ", got nothing");
        }
        try {
            return ids.number(bytes, starts[column], ends[column]);
        } catch (final CharacterCodingException e) {
            throw new InputException(file, line,
                    "expected UTF-8 text as " + what + " in column " + (column + 1) + ", got "
                            + InputException.quote(column(bytes, column)));
        }
    }

    private Separator separatorOf(final byte[] bytes, final int from, final int to) {
        for (final Separator candidate : Separator.values()) {
            final int columns = candidate.split(bytes, from, to, starts, ends);
            if (columns >= MIN_COLUMNS && columns <= MAX_COLUMNS) {
                return candidate;
            }
        }
        throw new InputException(file, line,
                "expected user item rating [timestamp], separated by tab, comma, space or '::', got "
                        + InputException.quote(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
    }

    private boolean isHeader(final byte[] bytes) {
        for (int column = 0; column < MIN_COLUMNS; column++) {
            if (!Float.isNaN(Decimal.parse(bytes, starts[column], ends[column]))
                    || Decimal.isSpecial(column(bytes, column))) {
                return false;
            }
        }
        return true;
    }

    private String column(final byte[] bytes, final int column) {
        return new String(bytes, starts[column], ends[column] - starts[column], StandardCharsets.UTF_8);
    }

    private static boolean isBlank(final byte[] bytes, final int from, final int to) {
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

    private void grow() {
        if (count == MAX_RATINGS) {
            throw new InputException(file, line, "expected at most " + MAX_RATINGS + " ratings");
        }
        final int capacity = (int) Math.min(MAX_RATINGS, 2L * count);
        users = Arrays.copyOf(users, capacity);
        items = Arrays.copyOf(items, capacity);
        values = Arrays.copyOf(values, capacity);
    }

    private Ratings ratings() {
        if (count == 0) {
            throw new InputException(file, "expected at least one rating, found none");
        }
        return new Ratings(Arrays.copyOf(users, count), Arrays.copyOf(items, count), Arrays.copyOf(values, count),
                userIds.names(), itemIds.names());
    }
}
