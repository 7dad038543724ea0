package io.rubato.learn.ratings;

import io.rubato.learn.InputException;
import io.rubato.learn.TextLines;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

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
        final RatingsReader reader = new RatingsReader(file);
        TextLines.read(file, "a file of ratings", reader::onLine);
        return reader.ratings();
    }

    private void onLine(final long number, final byte[] bytes, final int from, final int to) {
        line = number;
        if (TextLines.isBlank(bytes, from, to)) {
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
        } catch (final ArithmeticException e) {
            throw new InputException(file, line, "expected less than 2 GiB of names for " + what + "s");
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
